import Synchronization

/// Whether the function of this process has an `initialise()` of its own.
enum Initialisation {
    private static let wasDefault = Atomic(false)

    /// Known once it has been initialised.
    static var isDeclared: Bool { !wasDefault.load(ordering: .relaxed) }

    /// The default implementations, which do nothing, say that they were the ones that ran.
    static func noteDefault() { wasDefault.store(true, ordering: .relaxed) }
}
