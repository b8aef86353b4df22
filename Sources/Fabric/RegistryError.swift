package import Domain

/// Why the registry refused a change.
package enum RegistryError: Error, Equatable, CustomStringConvertible {
    case noSuchFunction(FunctionName)
    case noSuchVersion(FunctionName, VersionNumber)
    case noSuchAlias(FunctionName, AliasName)
    /// An alias still points there.
    case aliasPoints(FunctionName, AliasName)

    package var description: String {
        switch self {
        case .noSuchFunction(let name): "there is no function '\(name)'"
        case .noSuchVersion(let name, let version): "function '\(name)' has no version \(version)"
        case .noSuchAlias(let name, let alias): "function '\(name)' has no alias '\(alias)'"
        case .aliasPoints(let name, let alias):
            "alias '\(alias)' of function '\(name)' still points there; delete or move it first"
        }
    }
}
