import Dispatch
import Foundation
import FunctionKit
import Synchronization

/// A Swift function that uses much of what functions use; each check must hold inside the sandbox.
@main
struct WorkingFunction: AsyncFunction {
    private struct Reading: Codable, Equatable {
        var at: Date
        var values: [Double]
    }

    /// Made before the process is forked, where it is.
    private var epoch = ""

    init() {}

    mutating func initialise() async throws {
        epoch = Date(timeIntervalSince1970: 0).formatted(.iso8601)
    }

    func handle(_ request: Request, _ context: Context) async throws -> Response {
        if request.path == "/pid" { return .text("\(getpid())") }
        if let url = request.queryItem("fetch") {
            let answer = try await context.http.get(url)
            return .text("fetched \(answer.text)", status: answer.status)
        }
        let checks: [(name: String, isRight: Bool)] = [
            ("json", try Self.json()), ("files", try Self.files()), ("text", Self.text()), ("dates", Self.dates()),
            ("dispatch", Self.dispatch()), ("threads", Self.threads()), ("tasks", await Self.tasks()),
            ("network", Self.hasNoNetwork()), ("initialised", epoch == "1970-01-01T00:00:00Z"),
        ]
        let wrong = checks.filter { !$0.isRight }.map(\.name)
        return .text(wrong.isEmpty ? "\(checks.count) right" : "wrong: \(wrong.joined(separator: " "))")
    }

    private static func json() throws -> Bool {
        let reading = Reading(at: Date(timeIntervalSince1970: 1000), values: [1, 2.5])
        return try JSONDecoder().decode(Reading.self, from: JSONEncoder().encode(reading)) == reading
    }

    private static func files() throws -> Bool {
        let path = NSTemporaryDirectory() + "/\(UUID().uuidString)"
        try Data(repeating: 7, count: 100_000).write(to: URL(fileURLWithPath: path), options: .atomic)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        try FileManager.default.removeItem(atPath: path)
        let isReadOnly = !FileManager.default.createFile(atPath: "/function/x", contents: Data())
        return size == 100_000 && isReadOnly
    }

    private static func text() -> Bool {
        "Ärger".folding(options: .diacriticInsensitive, locale: nil) == "Arger"
            && String(format: "%05.1f", 2.25) == "002.2"
            && "a1b22".matches(of: #/[0-9]+/#).count == 2
    }

    private static func dates() -> Bool {
        let date = Date(timeIntervalSince1970: 0)
        return date.formatted(.iso8601) == "1970-01-01T00:00:00Z" && TimeZone.current.secondsFromGMT() == 0
    }

    private static func dispatch() -> Bool {
        let sum = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 100) { number in sum.withLock { $0 += number } }
        let timer = DispatchSemaphore(value: 0)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(5)) { timer.signal() }
        return timer.wait(timeout: .now() + .seconds(5)) == .success && sum.withLock { $0 } == 4950
    }

    private static func threads() -> Bool {
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<4 { Thread.detachNewThread { done.signal() } }
        return (0..<4).allSatisfy { _ in done.wait(timeout: .now() + .seconds(5)) == .success }
    }

    private static func tasks() async -> Bool {
        await withTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(2))
                    return number
                }
            }
            return await group.reduce(0, +) == 190
        }
    }

    private static func hasNoNetwork() -> Bool {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) == -1 && errno == EACCES
    }
}
