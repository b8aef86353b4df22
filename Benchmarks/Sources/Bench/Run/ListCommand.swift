import ArgumentParser

/// `godwit-bench list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the cases.")

    func run() {
        let width = Catalogue.cases.map(\.name.count).max() ?? 0
        for benchmark in Catalogue.cases {
            let space = String(repeating: " ", count: width - benchmark.name.count)
            print("\(benchmark.name)\(space)  \(benchmark.title)")
        }
    }
}
