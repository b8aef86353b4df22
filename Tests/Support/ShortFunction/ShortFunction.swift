import FunctionKit
import Glibc

/// A Swift function whose calls are short, but for some words, which do harm.
@main
struct ShortFunction: Function {
    init() {}

    func handle(_ request: Request, _ context: Context) -> Response {
        let word = request.text
        context.logger.info("ran \(word)")
        if word.hasPrefix("slow") { sleep(4) }
        if word.hasPrefix("wait") { usleep(1_500) }
        if word.hasPrefix("crash") { exit(3) }
        if word.hasPrefix("print") { print(word) }
        return .text(word)
    }
}
