package import Domain
import Executor
import NIOCore
import Telemetry

/// What calls are taken in with on one event loop: what a plan is made from, and the last lines of an answer.
///
/// Each loop has its own, with its own source of random numbers and its own memory. Confined to its event loop.
package final class Intake {
    let catalogue: Catalogue
    let node: NodeDescription
    let limits: GatewayLimits
    let clock: GatewayClock
    private let telemetry: GatewayTelemetry
    private var random = Xoshiro256()
    /// Memory for the next answer that is written.
    private var scratch: [UInt8] = []
    private var outgoing = ReusedBuffer()

    package init(
        catalogue: Catalogue,
        node: NodeDescription,
        limits: GatewayLimits,
        telemetry: GatewayTelemetry,
        clock: GatewayClock
    ) {
        self.catalogue = catalogue
        self.node = node
        self.limits = limits
        self.telemetry = telemetry
        self.clock = clock
    }

    // MARK: - Requests

    /// The version that a call of `reference` runs.
    func resolve(_ reference: FunctionReference) -> FunctionVersion? {
        catalogue.resolve(reference, draw: Double.random(in: 0..<1, using: &random))
    }

    /// A new execution id.
    func makeID() -> ExecutionID { ExecutionID(at: clock.now(), using: &random) }

    /// The trace of a call: the caller's, continued, or a new one.
    func trace(continuing header: String?) -> TraceContext {
        guard let header, let parent = TraceContext(traceparent: header) else {
            return TraceContext.makeRoot(using: &random)
        }
        return parent.child(using: &random)
    }

    /// Notes a call that was refused before it was made.
    func refused(_ function: FunctionName, because failure: CallFailure) {
        telemetry.refused(function, because: failure)
    }

    // MARK: - Answers

    /// Headers that are only known when a call is over: where its time went, and its energy.
    func closingHeaders(_ record: ExecutionRecord) -> [(String, String)] {
        ClosingHeader.allCases.map { header in
            var bytes: [UInt8] = []
            telemetry.append(header, of: record, to: &bytes)
            return (header.rawValue, String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Writes these headers where the answer is written.
    func addClosingHeaders(_ record: ExecutionRecord, to text: inout AnswerText) {
        for header in ClosingHeader.allCases {
            text.add(header.rawValue) { telemetry.append(header, of: record, to: &$0) }
        }
    }

    /// Memory that an answer can be written in, until it is given back.
    func takeScratch() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &scratch)
        return taken
    }

    /// A buffer with these bytes, to be written.
    func buffer(with bytes: [UInt8]) -> ByteBuffer { outgoing.filled(with: bytes) }

    func giveBack(scratch: consuming [UInt8]) { self.scratch = scratch }
}
