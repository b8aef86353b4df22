package import Domain
import NIOHTTP1

/// Decides which headers pass between a caller and a function.
package enum HeaderFilter {
    /// Headers of one connection, not of the message (RFC 9110, section 7.6.1), and those the node sets itself.
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade", "expect",
    ]
    private static let ownOnAnswers: Set<String> = [
        "x-call-id", "server-timing", "content-length", "godwit-node", "godwit-tier", "godwit-start", "godwit-energy",
        "godwit-error", "godwit-carbon", "godwit-load", "date",
    ]

    /// The headers a function sees.
    ///
    /// A token of this platform is taken out: a function must not get to know it.
    static func toFunction(_ headers: HTTPHeaders) -> [HeaderField] {
        var fields: [HeaderField] = []
        fields.reserveCapacity(headers.count)
        for (name, value) in headers {
            let field = HeaderField(name.lowercased(), value)
            if passesToFunction(field) { fields.append(field) }
        }
        return fields
    }

    /// The same for headers whose names are in lower case already.
    package static func toFunction(_ headers: [HeaderField]) -> [HeaderField] { headers.filter(passesToFunction) }

    private static func passesToFunction(_ field: HeaderField) -> Bool {
        !hopByHop.contains(field.name) && !field.name.hasPrefix(PeerHeaders.prefix)
            && !(field.name == "authorization" && TokenText.isInside(authorization: field.value))
    }

    /// Whether a function's header may go to the caller; the node's own cannot be forged.
    package static func passesToCaller(_ field: HeaderField) -> Bool {
        !hopByHop.contains(field.name) && !ownOnAnswers.contains(field.name)
            && !field.name.hasPrefix(PeerHeaders.prefix) && isWellFormed(field)
    }

    /// A name of token characters and a value without control characters (RFC 9110, section 5): nothing that could
    /// begin another header or answer.
    private static func isWellFormed(_ field: HeaderField) -> Bool {
        !field.name.isEmpty && field.name.utf8.allSatisfy(isTokenByte)
            && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
