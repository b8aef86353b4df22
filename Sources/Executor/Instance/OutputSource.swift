import NIOCore
import NIOPosix

/// A process of the node that writes lines.
///
/// Called on its event loop.
protocol OutputSource: AnyObject {
    var eventLoop: any EventLoop { get }

    /// It wrote that many bytes.
    func wrote(_ bytes: Int)
    /// Whether so many bytes of it are kept.
    func keepsOutput(_ bytes: Int) -> Bool
    /// It wrote a line.
    func output(line: String)
    /// It will write nothing more.
    func outputEnded()
}

extension OutputSource {
    /// Opens the pipe that what it writes as logs comes from.
    func openOutput(_ pipe: Int32) {
        let bound = NIOLoopBound<any OutputSource>(self, eventLoop: eventLoop)
        NIOPipeBootstrap(group: eventLoop)
            // Once and no more, where it is to rest then.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(OutputHandler(source: bound.value))
                }
            }
            .takingOwnershipOfDescriptor(input: pipe)
            .whenFailure { _ in bound.value.outputEnded() }
    }
}
