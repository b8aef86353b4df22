import FunctionKit
import Testing

@testable import echo

struct EchoTests {
    @Test("gives back body, type and what it saw of the request")
    func echoes() {
        let request = Request("hello", path: "/a", query: "b=c", headers: ["content-type": "text/plain"])
        let response = Echo().handle(request, .testing())
        #expect(response.status == 200)
        #expect(response.text == "hello")
        #expect(response.headers["Content-Type"] == "text/plain")
        #expect(response.headers["Echo-Path"] == "/a")
        #expect(response.headers["Echo-Query"] == "b=c")
    }
}
