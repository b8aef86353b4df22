package import ArgumentParser

/// For changes of what has a revision.
package struct RevisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Change only what is still of that revision; without it, a change that comes between is taken in.",
            valueName: "revision"
        )
    )
    package var ifMatch: Int?

    package init() {}

    package func validate() throws {
        guard ifMatch ?? 1 >= 0 else { throw ValidationError("--if-match is the number of a revision") }
    }
}
