import FunctionKit
import Testing

struct RequestTests {
    @Test(
        "a query item is decoded",
        arguments: [
            ("a=1&b=2", "b", "2"), ("x=%41%20b+c", "x", "A b c"), ("a", "a", ""), ("a=1=2", "a", "1=2"),
            ("%C3%A4=%c3%bc", "ä", "ü"), ("a=1&a=2", "a", "1"), ("a=%", "a", "%"), ("a=%4", "a", "%4"),
            ("a=%zz", "a", "%zz"),
        ]
    )
    func query(query: String, name: String, value: String) {
        #expect(Request(query: query).queryItem(name) == value)
    }

    @Test("a name that is not in the query is nil", arguments: ["", "b=1", "&&", "ab=1"])
    func missing(query: String) {
        #expect(Request(query: query).queryItem("a") == nil)
    }

    @Test("the path comes apart and is decoded; a plus stays one")
    func path() {
        #expect(Request(path: "/rooms/4%2F2/a+b").pathParts == ["rooms", "4/2", "a+b"])
        #expect(Request(path: "/").pathParts.isEmpty)
    }

    @Test("headers do not mind the case of names")
    func headers() {
        var headers: Headers = ["Content-Type": "a", "X": "1", "x": "2"]
        #expect(headers["content-TYPE"] == "a")
        #expect(headers.values("X") == ["1", "2"])
        headers["x"] = "3"
        #expect(headers.map { "\($0.name)=\($0.value)" } == ["Content-Type=a", "x=3"])
        headers["content-type"] = nil
        #expect(headers.count == 1)
    }

    @Test("an error with a status is a problem document")
    func problem() throws {
        let response = try #require(FunctionError("Bad\"", "line\n\u{1}", status: 400).response)
        #expect(response.status == 400)
        #expect(response.text == #"{"title":"Bad\"","status":400,"detail":"line\n\u0001"}"#)
        #expect(FunctionError("Bad", "").response == nil)
    }
}
