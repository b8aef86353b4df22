/// A call that nobody made, whose answer goes nowhere.
///
/// A fork shares its memory with its zygote until it writes to it, page by page. What every call writes to is its own after
/// this, so that the first one need not wait for that.
struct Rehearsal: Function {
    func handle(_ request: Request, _ context: Context) -> Response { .bytes(request.body, type: "text/plain") }

    static func run() {
        let connection = Connection(-1, environment: InstanceEnvironment(function: ""), style: .pumping)
        let head = RequestHead(method: "POST", executionID: "", remainingMicroseconds: 1_000_000)
        var bytes: [UInt8] = []
        bytes.appendFrame(.request, call: 1, isEnd: true) {
            head.encode(to: &$0)
            $0.append(contentsOf: [UInt8](repeating: 0, count: 64))
        }
        var decoder = FrameDecoder()
        decoder.append(bytes.span)
        guard let frame = try? decoder.next(), let call = try? Call(frame, on: connection) else { return }
        BufferedService(function: Rehearsal()).serve(call)
    }
}
