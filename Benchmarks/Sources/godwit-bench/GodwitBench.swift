import Bench

/// The command `godwit-bench`.
@main
enum GodwitBench {
    static func main() { BenchCommand.start() }
}
