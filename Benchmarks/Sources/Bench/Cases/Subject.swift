/// Somebody who takes part in a case.
struct Subject {
    let name: String
    let isReference: Bool
    /// Makes everything ready and gives what is run once a round.
    ///
    /// A ``BenchError`` leaves the subject out.
    let prepare: () throws -> () throws -> Sample

    init(_ name: String, isReference: Bool = false, prepare: @escaping () throws -> () throws -> Sample) {
        self.name = name
        self.isReference = isReference
        self.prepare = prepare
    }
}
