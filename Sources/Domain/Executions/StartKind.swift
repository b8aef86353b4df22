/// Whether a call found a running instance or had to wait for one to start.
package enum StartKind: String, Hashable, Sendable, Codable {
    case cold
    case warm
}
