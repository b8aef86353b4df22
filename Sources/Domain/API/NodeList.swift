/// The body of `GET /v1/nodes`.
package struct NodeList: Hashable, Sendable, Codable {
    package let nodes: [NodeStatus]

    package init(nodes: [NodeStatus]) { self.nodes = nodes }
}
