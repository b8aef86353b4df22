/// One state of the weights in their history.
package struct WeightRevision: Hashable, Sendable, Codable {
    /// Counts from 1; a change makes the next.
    package let revision: Int
    package let table: WeightTable
    package let changed: Timestamp
    /// Who changed them: the public id of a token, or the name of a node.
    package let author: String
    /// Why, in their words; says so when it is a rollback.
    package let note: String

    package init(revision: Int, table: WeightTable, changed: Timestamp, author: String, note: String = "") {
        self.revision = revision
        self.table = table
        self.changed = changed
        self.author = author
        self.note = note
    }

    /// The value of its `ETag` and of `If-Match`: `"7"`.
    package var entityTag: String { "\"\(revision)\"" }
}
