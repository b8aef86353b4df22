import Domain
import Testing

struct NameTests {
    @Test("accepts labels", arguments: ["a", "echo", "street-noise", "0", "a1-b2", String(repeating: "x", count: 63)])
    func accepts(_ raw: String) throws {
        #expect(try FunctionName(raw).text == raw)
    }

    @Test(
        "refuses what could be a path, a look-alike, or too long",
        arguments: [
            "", "-a", "a-", "A", "a.b", "a/b", "..", "a/../b", "a b", "a\u{0}", "é", "аbc", "a_b", "a\n",
            String(repeating: "x", count: 64),
        ]
    )
    func refuses(_ raw: String) {
        #expect(throws: Invalid.self) { try FunctionName(raw) }
    }

    @Test("an alias is no number")
    func aliasIsNoNumber() throws {
        #expect(throws: Invalid.self) { try AliasName("12") }
        #expect(try AliasName("v12").text == "v12")
    }

    @Test("errors show no control characters")
    func errorsAreSafe() {
        do {
            _ = try FunctionName("a\u{1b}[31m")
            Issue.record("it must be refused")
        } catch {
            #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7f })
        }
    }

    @Test("parses references", arguments: [("echo", "latest"), ("echo:3", "version"), ("echo:live", "alias")])
    func references(raw: String, kind: String) throws {
        let reference = try FunctionReference(raw)
        #expect(reference.text == raw)
        switch reference.qualifier {
        case .latest: #expect(kind == "latest")
        case .version(let version): #expect(kind == "version" && version.value == 3)
        case .alias(let alias): #expect(kind == "alias" && alias.text == "live")
        }
    }

    @Test("refuses malformed references", arguments: ["echo:", ":1", "echo:0", "echo:1:2", "echo:99999999999"])
    func malformedReferences(_ raw: String) {
        #expect(throws: Invalid.self) { try FunctionReference(raw) }
    }

    @Test("a digest is 64 lower-case digits")
    func digests() throws {
        let hex = String(repeating: "ab", count: 32)
        #expect(try Digest("sha256:" + hex) == Digest(hex))
        #expect(Digest(bytes: [UInt8](repeating: 0xab, count: 32))?.hex == hex)
        #expect(throws: Invalid.self) { try Digest(hex.uppercased()) }
        #expect(throws: Invalid.self) { try Digest("sha256:" + hex.dropLast()) }
    }
}
