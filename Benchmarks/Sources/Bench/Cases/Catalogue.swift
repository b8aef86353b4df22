/// All cases, in the order in which they run.
enum Catalogue {
    static let cases: [any Benchmark] = [
        NodeAtRest(moment: .fresh),
        WarmCall(connections: 1, payload: 64),
        WarmCall(connections: 32, payload: 64),
        ColdStart(),
        AsyncAccept(connections: 16, payload: 64),
        NodeAtRest(moment: .afterLoad),
        Decision(),
        Offload(payload: 64),
    ]
}
