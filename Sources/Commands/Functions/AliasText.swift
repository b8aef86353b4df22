import Domain

/// An alias in a few characters.
enum AliasText {
    /// `live=3` or `live=3/4:10%`.
    static func of(_ alias: Alias) -> String { "\(alias.name)=\(target(alias))" }

    /// `3`, or `3/4:10%` where a tenth of the calls goes to version 4.
    static func target(_ alias: Alias) -> String {
        guard let split = alias.split else { return "\(alias.version)" }
        return "\(alias.version)/\(split.version):\(Human.decimal(split.share * 100, 0))%"
    }
}
