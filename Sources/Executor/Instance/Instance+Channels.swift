import Domain
import NIOCore
import NIOPosix

/// The channels between the node and an instance, each confined to the event loop.
extension Instance {
    /// Opens the socket that frames go over.
    func openFrames(_ socket: Int32) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    bound.value.channel = channel
                    try channel.pipeline.syncOperations.addHandler(FrameHandler(instance: bound.value))
                }
            }
            .withConnectedSocket(socket)
            .whenFailure { error in
                bound.value.channel = nil
                bound.value.end(because: CallFailure(.platform, "the instance's socket failed: \(error)"))
            }
    }

    /// Opens the pipes to a program's standard input and from its standard output.
    func openStandardIO(_ call: Call, input: Int32, answer: Int32) {
        isStandardOutputOpen = true
        let handler = NIOLoopBound(StandardIOHandler(instance: self, call: call), eventLoop: eventLoop)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        standardIO = handler.value
        NIOPipeBootstrap(group: eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            // One read at a time, so that reading can be held up before it runs ahead of a slow caller.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    bound.value.channel = channel
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .takingOwnershipOfDescriptors(input: answer, output: input)
            .whenComplete { result in
                let instance = bound.value
                switch result {
                case .success: instance.calls.values.forEach(instance.sendBody)
                case .failure(let error):
                    instance.isStandardOutputOpen = false
                    instance.end(because: CallFailure(.platform, "the instance's pipes failed: \(error)"))
                }
            }
    }

    // MARK: - Standard output of a program that knows no frames

    func beginAnswer(of call: Call, isComplete: Bool) {
        try? call.receiveHead(status: 200, headers: [], isComplete: isComplete)
    }

    func receiveOutput(_ bytes: ByteBuffer, of call: Call) {
        do {
            try call.receiveBody(bytes)
        } catch {
            violated(error)
        }
        if call.isReceiveWindowLow { try? channel?.syncOptions?.setOption(.autoRead, value: false) }
    }
}
