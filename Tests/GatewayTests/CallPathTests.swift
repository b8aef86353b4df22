import Domain
import Gateway
import Testing

struct CallPathTests {
    @Test(
        "takes a target apart",
        arguments: [
            ("/function/echo", "echo", "/", ""), ("/function/echo?x=1", "echo", "/", "x=1"),
            ("/function/echo/", "echo", "/", ""), ("/function/echo:2/a/b%2Fc?x=%26&y", "echo:2", "/a/b%2Fc", "x=%26&y"),
            ("/function/echo:live/a?b?c", "echo:live", "/a", "b?c"),
        ]
    )
    func parts(target: String, reference: String, path: String, query: String) throws {
        let parsed = try CallPath(target)
        #expect(parsed.reference.text == reference)
        #expect(parsed.subPath == path)
        #expect(parsed.query == query)
    }

    @Test(
        "refuses what names no function",
        arguments: ["/function/", "/function/?x", "/function/a b", "/function/..%2f", "/function/../x"]
    )
    func refusals(_ target: String) {
        #expect(throws: Invalid.self) { try CallPath(target) }
    }

    @Test("only calls match")
    func matches() {
        #expect(CallPath.matches("/function/x"))
        #expect(!CallPath.matches("/functions"))
        #expect(!CallPath.matches("/v1/functions/x"))
    }

    @Test(
        "a timeout is the least of both",
        arguments: [(nil, 30), ("5", 5), ("500ms", 0.5), ("1h", 30)] as [(String?, Double)]
    )
    func timeouts(asked: String?, seconds: Double) throws {
        let spec = FunctionSpec(name: try FunctionName("f"), runtime: .swift, handler: "f")
        #expect(try Timeout.of(spec, asked: asked).inSeconds == seconds)
        #expect(throws: Invalid.self) { try Timeout.of(spec, asked: "0s") }
    }
}
