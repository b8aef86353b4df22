/// A function as published: its versions, oldest first, and its aliases.
package struct PublishedFunction: Hashable, Sendable, Codable {
    /// The alias that, where it exists, decides what a call without a qualifier runs.
    package static let liveAlias = "live"

    package let name: FunctionName
    package private(set) var versions: [FunctionVersion]
    package private(set) var aliases: [Alias]

    /// A function with its versions in ascending order; nil when there is none.
    package init?(name: FunctionName, versions: [FunctionVersion], aliases: [Alias]) {
        guard !versions.isEmpty else { return nil }
        self.name = name
        self.versions = versions.sorted { $0.number < $1.number }
        self.aliases = aliases
    }

    /// The version published last.
    package var latest: FunctionVersion? { versions.last }

    package func version(_ number: VersionNumber) -> FunctionVersion? { versions.first { $0.number == number } }
    package func alias(_ name: AliasName) -> Alias? { aliases.first { $0.name == name } }

    /// The version a call with that qualifier runs; `draw` is uniform in 0..<1.
    ///
    /// Nil when there is no such version.
    package func resolve(_ qualifier: FunctionReference.Qualifier, draw: Double) -> FunctionVersion? {
        switch qualifier {
        case .version(let number): return version(number)
        case .alias(let name): return alias(name).flatMap { version($0.version(draw: draw)) }
        case .latest:
            if let live = aliases.first(where: { $0.name.text == Self.liveAlias }) {
                return version(live.version(draw: draw))
            }
            return latest
        }
    }
}
