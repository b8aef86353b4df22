import Node

/// Where the program begins.
@main
enum Main {
    static func main() { Program.run() }
}
