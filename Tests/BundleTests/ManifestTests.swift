import Bundles
import Domain
import Testing

@Suite("function.yaml")
struct ManifestTests {
    private func parse(_ text: String) throws -> FunctionSpec { try FunctionManifest.parse(Array(text.utf8)) }

    @Test("a manifest is read")
    func reads() throws {
        let spec = try parse(
            """
            # A comment
            name: thumbnail
            runtime: python3
            memory: 256MiB
            timeout: 5s
            instances: {min: 1, max: 4, keepAlive: 30s}
            env:
              GREETING: "hello *world & more"
              NUMBER: 007
              TEXT: a * b
              NULLISH: "null"
            secrets: [API_KEY]
            objective: {latency: 200ms}
            idempotent: true
            access: ~
            """
        )
        #expect(spec.name.text == "thumbnail")
        #expect(spec.memory == .mebibytes(256))
        #expect(spec.instances == InstanceLimits(min: 1, max: 4, keepAlive: .seconds(30)))
        let env = ["GREETING": "hello *world & more", "NUMBER": "007", "TEXT": "a * b", "NULLISH": "null"]
        #expect(spec.env == env)
        #expect(spec.secrets.map(\.text) == ["API_KEY"])
        #expect(spec.access == .token)
    }

    @Test(
        "errors name the line and the field",
        arguments: [
            ("name: a\nruntime: cobol\n", "function.yaml line 2, runtime", "not known"),
            ("name: a\nruntime: exec\nmemry: 1\n", "function.yaml line 3, memry", "memory"),
            (
                "name: a\nruntime: exec\ninstances:\n  min: 0\n  max: no\n", "function.yaml line 5, instances.max",
                "number"
            ),
            (
                "name: a\nruntime: exec\nsecrets:\n  - GOOD\n  - bad-one\n", "function.yaml line 5, secrets[1]",
                "variable"
            ),
            ("runtime: exec\n", "function.yaml, name", "missing"),
            ("name: a\nname: b\n", "function.yaml line 1", "twice"),
            ("name: [a\n", "function.yaml line 2", "did not find"),
            ("name: a\n\tb: c\n", "function.yaml line 2", ""),
            ("", "function.yaml", "empty"),
            ("--- a\n--- b\n", "function.yaml line 2", "another document"),
            ("just text", "function.yaml, document", "map"),
            ("? [a]\n: b\n", "function.yaml line 1, document", "single value"),
            ("name: &x a\n", "function.yaml line 1", "anchors"),
            ("name: a\nruntime: *x\n", "function.yaml line 2", "anchors"),
            ("a: !!str &x b\n", "function.yaml line 1", "found undefined"),
        ].dropLast()
    )
    func errors(text: String, field: String, word: String) throws {
        let error = #expect(throws: Invalid.self) { try parse(text) }
        #expect(error?.field == field)
        #expect(error?.reason.contains(word) == true, "\(String(describing: error))")
    }

    @Test("bombs end in an error soon", .timeLimit(.minutes(1)))
    func bombs() {
        var laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (next, last) in zip("bcdefghij", "abcdefghi") {
            laughs += "\(next): &\(next) [" + Array(repeating: "*\(last)", count: 9).joined(separator: ", ") + "]\n"
        }
        let bombs = [
            laughs, "name: " + String(repeating: "[", count: 60_000), String(repeating: "- ", count: 30_000),
            String(repeating: "? ", count: 30_000), String(repeating: "{a: ", count: 15_000),
            "env: [" + String(repeating: "x,", count: 32_000) + "]", String(repeating: "x", count: 65_537),
            "name: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
        ]
        for bomb in bombs {
            #expect(throws: Invalid.self) { try parse(bomb) }
        }
        #expect(throws: Invalid.self) { try FunctionManifest.parse([0x6e, 0xff]) }
    }

    @Test("mutated manifests end in an error or a value")
    func mutations() {
        let text = Array(
            "name: a\nruntime: exec\ninstances: {min: 0, max: 3}\nenv:\n  A: \"x\"\n  B: |\n    y\nsecrets: [C, D]\n"
                .utf8
        )
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                let marks = Array("&*!|>%@`\"'{}[],:-?#\n\t ~\\\u{0}".utf8) + [0xc2, 0x85, 0xff]
                if Bool.random(using: &random) {
                    bytes[index] = marks.randomElement(using: &random) ?? 0
                } else {
                    bytes.insert(marks.randomElement(using: &random) ?? 0, at: index)
                }
            }
            _ = try? FunctionManifest.parse(bytes)
        }
    }

    @Test("a manifest is renamed with its handler kept")
    func renamed() throws {
        let name = try FunctionName("new-name")
        for text in ["name: old\nruntime: exec\n", "# first\nname: old # why\nruntime: exec\nhandler: bin/run\n"] {
            let before = try parse(text)
            let after = try parse(FunctionManifest.renamed(text, to: name))
            #expect(after.name == name)
            #expect(after.handler == before.handler)
        }
        #expect(throws: Invalid.self) { try FunctionManifest.renamed("{name: a, runtime: exec}", to: name) }
    }

    @Test("system calls are listed in place of those before, and the rest of the text stays")
    func listed() throws {
        let calls = try ["access", "openat"].map { name throws(Invalid) in try SystemCallName(name) }
        let head = "name: a # why\nruntime: exec\n"
        let list = "syscalls: [\n  access, openat,\n]\n"
        #expect(try FunctionManifest.listing(calls, in: head) == head + list)
        #expect(try FunctionManifest.listing(calls, in: String(head.dropLast())) == head + list)
        for old in ["syscalls: [brk]\n", "syscalls:\n  - brk\n", "syscalls:\n- brk\n- read\n", list, "syscalls: []\n"] {
            let text = "# first\n\(old)# last\n\(head)"
            #expect(try FunctionManifest.listing(calls, in: text) == "# first\n\(list)# last\n\(head)")
            #expect(try FunctionManifest.listing(nil, in: text) == "# first\n# last\n\(head)")
            #expect(try parse(FunctionManifest.listing([], in: text)).syscalls == [])
        }
        let many = try (0..<40).map { number throws(Invalid) in try SystemCallName("call_number_\(number)") }
        let long = try FunctionManifest.listing(many, in: head)
        #expect(long.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(throws: Invalid.self) {
            try FunctionManifest.listing(calls, in: "{name: a, runtime: exec, syscalls: [brk]}")
        }
    }
}
