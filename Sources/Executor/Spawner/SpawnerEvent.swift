import CSandbox

/// What the spawner tells: a Swift value for each `csb_event`.
enum SpawnerEvent: Sendable {
    /// It is prepared; the report is its layers as JSON.
    case ready(report: String)
    /// The step that forks from a zygote; what failed in it can still be started by executing its program.
    // SAFETY: csb_step_name returns a constant string for every value.
    static let forkStep = unsafe String(cString: csb_step_name(UInt32(CSB_STEP_ZYGOTE.rawValue)))

    /// It cannot work at all, or could not start the instance.
    case failed(instance: UInt64, step: String, errno: Int32, report: String)
    case spawned(instance: UInt64, SpawnedProcess)
    case exited(instance: UInt64, ProcessExit)
    /// A zygote has initialised: it can be forked.
    case prepared(zygote: UInt64)
    /// A kind that this version does not know.
    case unknown

    init(_ event: csb_event) {
        switch event.kind {
        case UInt32(CSB_EVENT_READY.rawValue): self = .ready(report: Self.report(of: event))
        case UInt32(CSB_EVENT_FAILED.rawValue):
            // SAFETY: csb_step_name returns a constant string for every value.
            let step = unsafe String(cString: csb_step_name(event.step))
            self = .failed(instance: event.id, step: step, errno: event.error, report: Self.report(of: event))
        case UInt32(CSB_EVENT_SPAWNED.rawValue): self = .spawned(instance: event.id, SpawnedProcess(event))
        case UInt32(CSB_EVENT_EXITED.rawValue): self = .exited(instance: event.id, ProcessExit(event))
        case UInt32(CSB_EVENT_PREPARED.rawValue): self = .prepared(zygote: event.id)
        default: self = .unknown
        }
    }

    private static func report(of event: csb_event) -> String {
        let length = min(Int(event.report_length), Int(CSB_REPORT_MAX))
        // SAFETY: the report is CSB_REPORT_MAX bytes inside the event, which is live for the closure.
        return unsafe withUnsafePointer(to: event) { event in
            let bytes = unsafe UnsafeRawBufferPointer(start: csb_event_report(event), count: length)
            return unsafe String(decoding: bytes, as: UTF8.self)
        }
    }
}
