import FunctionKit
import Testing

struct LocalOptionsTests {
    @Test("options are taken as they are meant")
    func options() {
        let options = LocalOptions(["--method", "GET", "--path", "a", "--query", "q=1", "--header", "A: b: c", "-i"])
        #expect(options.request == .call)
        #expect(options.method == "GET")
        #expect(options.path == "/a")
        #expect(options.query == "q=1")
        #expect(options.headers == [HeaderField("A", "b: c")])
        #expect(options.showsHead)
    }

    @Test("a mistake is told", arguments: [["--method"], ["--header", "x"], ["-x"]])
    func mistakes(arguments: [String]) {
        guard case .mistake = LocalOptions(arguments).request else {
            Issue.record("\(arguments) is a mistake")
            return
        }
    }
}
