/// The body of `GET /v1/weights/history`, newest first.
package struct WeightHistory: Hashable, Sendable, Codable {
    package let revisions: [WeightRevision]

    package init(revisions: [WeightRevision]) { self.revisions = revisions }
}
