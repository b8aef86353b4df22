/// Whether a function that is slow, floods or stalls is felt by others on the node.
struct Neighbours: Benchmark {
    /// How what runs beside behaves: the path it is called with.
    private enum Behaviour: String, CaseIterable {
        case fair, slow, flood, stall

        var title: String {
            switch self {
            case .fair: "beside calls like any"
            case .slow: "beside a slow function"
            case .flood: "beside one that floods its log"
            case .stall: "beside one that stalls until it is ended"
            }
        }
    }

    private static let function = "bench-echo"
    private static let beside = "bench-neighbour"

    let name = "neighbours"
    let title = "warm calls beside functions that behave badly"
    let explanation = """
        POST of 64 bytes to a Swift function on 4 kept connections, while 4 others call a Python function on the same node \
        again and again: one that answers at once (the reference: its load is the highest), takes 0.1 s, writes 100 kB of \
        log lines a call, or never answers, so that its process is ended after 0.3 s and started anew.
        """

    let goals = Behaviour.allCases.filter { $0 != .fair }.map { Goal($0.title, .tail, .ratio, bar: 2) }

    /// Starts and ends of processes come at any moment of a round: it takes more of them to see the same twice.
    func rounds(wanted: Int) -> Int { wanted * 2 }

    func subjects(on bench: Workbench) -> [Subject] {
        Behaviour.allCases.map { behaviour in
            Subject(behaviour.title, isReference: behaviour == .fair) {
                _ = try bench.node(with: Self.beside)
                let node = try bench.node(with: Self.function)
                let url = node.url(of: Self.function)
                let load = Load(url: url, connections: 4, payload: 64)
                let other = Load(url: node.url(of: "\(Self.beside)/\(behaviour)"), connections: 4, payload: 64)
                _ = try bench.load(load, seconds: 1).checked(url)
                return {
                    let running = try bench.begin(other, seconds: bench.settings.seconds + 2)
                    try System.sleep(milliseconds: 1000)
                    let result = try bench.load(load).checked(url)
                    _ = running.stop(within: 5000)
                    return [(.rate, result.rate), (.median, result.median), (.tail, result.tail)]
                }
            }
        }
    }
}
