import Domain

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Timestamp {
    /// The point in time that a certificate states.
    init(_ date: Date) {
        self.init(microseconds: Int64((date.timeIntervalSince1970 * 1e6).rounded()))
    }

    /// The same point in time, in the whole seconds that a certificate can state; what is left over is dropped.
    var inCertificate: Date {
        Date(timeIntervalSince1970: (Double(microseconds) / 1e6).rounded(.down))
    }
}
