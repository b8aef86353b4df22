/// The files that the broker may read, and whether one that it cannot do without has become another.
///
/// What Landlock opens is a file, not its name: once resolv.conf has been replaced, only a new broker can read it.
struct WatchedFiles {
    /// What may be read.
    let readable: [String]
    private let watched: [String]
    private let stamps: [System.FileStamp?]

    init(curl: Curl, options: BrokerOptions) {
        let names = ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf"]
        let authorities = options.authorities.map { [$0] } ?? curl.authorities
        let system = ["/etc/localtime", "/usr/share/zoneinfo/UTC", "/dev/urandom"]
        // The links of a folder of certificates lead to these.
        let certificates = options.authorities == nil ? ["/usr/share/ca-certificates", "/etc/pki/tls/certs"] : []
        watched = ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf"] + authorities
        readable = names + authorities + system + certificates + [options.hosts].compactMap(\.self)
        stamps = watched.map(System.stamp)
    }

    /// Whether all are still what they were.
    var areUnchanged: Bool { watched.map(System.stamp) == stamps }
}
