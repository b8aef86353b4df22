import FunctionKit
import Glibc

/// A Swift function whose calls are short, but for some words, which do harm.
@main
struct ShortFunction: Function {
    init() {}

    private static func environment(_ name: String) -> String {
        // SAFETY: the pointer is read at once; nothing in this process changes its environment.
        guard let value = unsafe getenv(name) else { return "none" }
        return unsafe String(cString: value)
    }

    func handle(_ request: Request, _ context: Context) -> Response {
        let word = request.text
        context.logger.info("ran \(word)")
        if word.hasPrefix("slow") { sleep(4) }
        if word.hasPrefix("wait") { usleep(1_500) }
        if word.hasPrefix("crash") { exit(3) }
        if word.hasPrefix("print") { print(word) }
        if word.hasPrefix("env ") { return .text(Self.environment(String(word.dropFirst(4)))) }
        return .text(word)
    }
}
