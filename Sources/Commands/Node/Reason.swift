import AsyncHTTPClient
import NIOCore
import NIOPosix

/// Why a connection failed, in words for people.
enum Reason {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return of(first.error) }
            return error.dnsAError == nil ? "\(error)" : "the name '\(error.host)' is not known"
        case let error as IOError: return System.reason(of: error.errnoCode)
        case let error as HTTPClientError where error == .connectTimeout: return "nothing answers there"
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return "it closed the connection without an answer"
        default: return "\(error)"
        }
    }
}
