/// Why a call did not succeed.
package struct CallFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The kinds of failure; the raw value is the stable name that clients may rely on.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The function raised an error.
        case error = "function.error"
        /// Its process died.
        case crash = "function.crash"
        /// It sent something that is no valid frame.
        case malformed = "function.malformed-answer"
        /// It could not be started: a missing executable, a failing initialisation.
        case start = "function.start"
        case timeLimit = "limit.time"
        case memoryLimit = "limit.memory"
        case cpuLimit = "limit.cpu"
        case processLimit = "limit.pids"
        case outputLimit = "limit.output"
        /// A system call outside the sandbox's filter.
        case seccomp = "sandbox.seccomp"
        /// The queue of the function or the node is full.
        case overloaded = "platform.overloaded"
        /// The deadline passed before the function was started.
        case expired = "platform.expired"
        case cancelled = "call.cancelled"
        /// No node may run the function.
        case unplaceable = "platform.unplaceable"
        /// Its version may not run any more, until an operator releases it.
        case quarantined = "function.quarantined"
        /// The node that ran it was lost, or the way to it.
        case nodeLost = "platform.node-lost"
        /// It was passed on too often.
        case loop = "platform.loop"
        /// The node is shutting down.
        case draining = "platform.draining"
        /// The sandbox could not be built, or something of ours broke.
        case platform = "platform.internal"
        /// A secret that the function names does not exist.
        case missingSecret = "platform.missing-secret"
    }

    package let kind: Kind
    /// One sentence for the caller; holds nothing that the caller may not know.
    package let message: String
    /// The name of the error that the function raised, for `function.error`.
    package let errorType: String?

    package init(_ kind: Kind, _ message: String, errorType: String? = nil) {
        self.kind = kind
        self.message = message
        self.errorType = errorType
    }

    package var origin: FailureOrigin { kind.origin }
    package var description: String { "\(kind.rawValue): \(message)" }
}

extension CallFailure.Kind {
    package var origin: FailureOrigin {
        switch self {
        case .error, .crash, .malformed, .start, .timeLimit, .memoryLimit, .cpuLimit, .processLimit, .outputLimit,
            .seccomp:
            .function
        case .overloaded, .expired, .cancelled, .unplaceable, .draining, .platform, .missingSecret, .nodeLost, .loop,
            .quarantined:
            .platform
        }
    }

    /// The status of the HTTP response that reports it.
    package var httpStatus: Int {
        switch self {
        case .error, .crash, .start, .memoryLimit, .cpuLimit, .processLimit, .seccomp, .malformed, .outputLimit: 502
        case .timeLimit, .expired: 504
        case .overloaded: 429
        case .cancelled: 499
        case .unplaceable, .draining, .missingSecret, .nodeLost, .quarantined: 503
        case .loop: 508
        case .platform: 500
        }
    }

    /// Whether trying again may help.
    package var isRetryable: Bool {
        switch self {
        case .cancelled, .seccomp, .outputLimit, .expired, .loop, .quarantined: false
        default: true
        }
    }

    /// The state an execution ends in because of it.
    package var finalState: ExecutionState {
        switch self {
        case .timeLimit, .expired: .timedOut
        case .cancelled: .cancelled
        default: .failed
        }
    }
}
