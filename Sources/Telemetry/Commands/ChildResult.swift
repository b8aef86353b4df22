/// A program that we ran, after its end.
struct ChildResult: Hashable {
    let end: ChildEnd
    /// What it wrote to its standard output; empty when it was killed.
    let output: [UInt8]
}
