package import Domain

/// Names one version of one function.
package struct VersionKey: Hashable, Sendable, CustomStringConvertible {
    package let function: FunctionName
    package let version: VersionNumber

    package init(function: FunctionName, version: VersionNumber) {
        self.function = function
        self.version = version
    }

    package var description: String { "\(function)@\(version)" }
}
