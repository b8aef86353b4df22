import Domain
import Egress

/// How the broker is set up, from its command line.
struct BrokerOptions {
    /// Networks beyond the Internet that functions may list.
    var opened: [IPNetwork] = []
    /// Certificates to trust instead of the system's.
    var authorities: String?
    /// Names and addresses that go before the resolver's, in the form of /etc/hosts.
    var hosts: String?
    var limits = EgressLimits()

    /// Reads the words after the mode; throws the first that is wrong.
    init(_ words: some Sequence<String>) throws(Invalid) {
        var words = words.makeIterator()
        while let word = words.next() {
            guard let value = words.next() else { throw Invalid(word, "needs a value") }
            switch word {
            case "--open": opened.append(try IPNetwork(value))
            case "--authorities": authorities = value
            case "--hosts": hosts = value
            case "--response-limit": limits.responseBody = try ByteSize(value).bytes
            default: throw Invalid(word, "is not known; there are --open, --authorities, --hosts, --response-limit")
            }
        }
    }
}
