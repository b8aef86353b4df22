import Domain

/// Where the egress broker begins: as its keeper, or as the broker.
@main
enum Main {
    static func main() {
        let words = CommandLine.arguments
        switch words.dropFirst().first {
        case "keep" where words.count >= 3:
            // The user to be, then the broker's own words.
            guard let user = UInt32(words[2]) else { fail("keep needs the number of a user") }
            System.exit(System.keep(user: user, arguments: [words[0], "serve"] + words[3...]))
        case "serve":
            do {
                serve(try BrokerOptions(words.dropFirst(2)))
            } catch {
                fail(error.description)
            }
        default:
            fail("the node starts this program; it is the only process that reaches the network for functions")
        }
    }

    private static func serve(_ options: BrokerOptions) -> Never {
        System.ignoreSignals()
        guard let curl = Curl() else { fail("libcurl cannot be initialised, or has no https over OpenSSL") }
        System.prepareResolver()
        let files = WatchedFiles(curl: curl, options: options)
        do {
            let layers = try System.confine(paths: files.readable)
            if layers.landlock == 0 {
                System.complain("this kernel has no Landlock: its user alone bounds what it can read")
            }
            if !layers.hasFilter { System.complain("this kernel has no seccomp: its user alone bounds what it can do") }
        } catch {
            fail("it could not be confined (errno \(error.code)), so it does not begin")
        }
        Broker(socket: 3, curl: curl, options: options, files: files).run()
    }

    private static func fail(_ text: String) -> Never {
        System.complain(text)
        System.exit(1)
    }
}
