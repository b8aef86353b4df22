/// A closed set of values of one label, numbered from 0 to at most 7.
package protocol LabelValue: RawRepresentable<Int>, CaseIterable, Hashable, Sendable {
    /// The value as the label has it.
    var text: String { get }
}
