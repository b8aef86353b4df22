import ArgumentParser
import Commands
import Testing

@Suite("Finding the node")
struct NodeLocatorTests {
    private static let home = ["HOME": "/home/ada"]
    private static let file = "/home/ada/.local/share/godwit/client.json"
    private static let local = #"{"url":"https://127.0.0.1:8080/","token":"secret","certificate":"/c.pem"}"#

    private func locate(
        _ arguments: [String] = [],
        environment: [String: String] = home,
        files: [String: String] = [file: local]
    ) throws -> NodeAccess {
        let options = try NodeOptions.parse(arguments)
        let locator = NodeLocator(environment: environment, isRoot: false) { files[$0].map { Array($0.utf8) } }
        return try locator.locate(options.connection, data: options.data)
    }

    @Test("a node of this user is found by its file")
    func file() throws {
        let expected = NodeAccess(url: "https://127.0.0.1:8080", token: "secret", certificate: "/c.pem")
        #expect(try locate() == expected)
        #expect(try locate(["--url", "https://127.0.0.1:8080"]) == expected)
        let elsewhere = ["/data/client.json": Self.local]
        #expect(try locate(["--data", "/data"], files: elsewhere) == expected)
        #expect(try locate(environment: ["GODWIT_DATA": "/data"], files: elsewhere) == expected)
        #expect(
            try locate(environment: ["XDG_DATA_HOME": "/x"], files: ["/x/godwit/client.json": Self.local]) == expected
        )
    }

    @Test("options go before variables, and variables before the file")
    func order() throws {
        let variables = ["HOME": "/home/ada", "GODWIT_URL": "http://variable:1", "GODWIT_TOKEN": "from-variable"]
        #expect(try locate(environment: variables).url == "http://variable:1")
        #expect(try locate(environment: variables).token == "from-variable")
        let both = try locate(["--url", "http://option:2/", "--token", "from-option"], environment: variables)
        #expect(both == NodeAccess(url: "http://option:2", token: "from-option", certificate: nil))
    }

    @Test("a token is not sent to another node than its own")
    func foreign() throws {
        #expect(try locate(["--url", "https://evil.example"]).token == nil)
        #expect(try locate(["--url", "https://evil.example"]).certificate == nil)
        #expect(try locate(environment: ["HOME": "/home/ada", "GODWIT_URL": "http://127.0.0.1:8080"]).token == nil)
    }

    @Test("the error says what to do", arguments: [[], ["--data", "/data"]])
    func missing(arguments: [String]) throws {
        let failure = #expect(throws: CommandFailure.self) { try locate(arguments, files: [:]) }
        #expect(failure?.status == .unreachable)
        #expect(failure?.message.contains("godwit up") == true)
        #expect(failure?.message.contains("client.json") == true)
    }

    @Test(
        "what is no address is refused",
        arguments: ["ftp://x", "localhost:8080", "http://", "http://a b", "http://u:p@h"]
    )
    func addresses(url: String) {
        #expect(throws: CommandFailure.self) { try locate(["--url", url]) }
    }

    @Test(
        "tokens in the clear are noticed",
        arguments: [
            ("http://10.0.0.1:8080", true), ("http://127.0.0.1:8080", false), ("http://localhost", false),
            ("https://10.0.0.1", false), ("http://[::1]:8080", false),
        ]
    )
    func exposed(url: String, isExposed: Bool) {
        #expect(NodeAccess(url: url, token: "t", certificate: nil).isExposed == isExposed)
        #expect(!NodeAccess(url: url, token: nil, certificate: nil).isExposed)
    }

    @Test("root keeps its data in /var/lib")
    func root() {
        #expect(DataFolder.path(option: nil, environment: Self.home, isRoot: true) == "/var/lib/godwit")
        #expect(DataFolder.path(option: "/o", environment: ["GODWIT_DATA": "/v"], isRoot: true) == "/o")
        #expect(
            DataFolder.path(option: nil, environment: ["XDG_DATA_HOME": "rel", "HOME": "/h"], isRoot: false)
                == "/h/.local/share/godwit"
        )
    }
}
