/// All cases, in the order in which they run.
enum Catalogue {
    static let cases: [any Benchmark] = [
        NodeAtRest(moment: .fresh),
        WarmCall(connections: 1, payload: 64),
        WarmCall(connections: 32, payload: 64),
        WarmCall(connections: 32, payload: 4096),
        WarmCall(connections: 4, payload: 1 << 20),
        WarmCall(connections: 32, payload: 64, isClosing: true),
        StreamedCall(),
        EncryptedCall(),
        PythonCall(),
        Neighbours(),
        ColdStart(),
        ColdStart(pause: ColdStart.longPause),
        ForkedStart(),
        Burst(),
        AsyncAccept(connections: 16, payload: 64),
        NodeAtRest(moment: .afterLoad),
        Decision(),
        Offload(payload: 64),
    ]
}
