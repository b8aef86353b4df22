/// What a caller writes to name a function: `name`, `name:alias` or `name:version`.
package struct FunctionReference: Hashable, Sendable, CustomStringConvertible {
    /// Which of a function's versions is meant.
    package enum Qualifier: Hashable, Sendable {
        /// The newest version, unless the alias `live` exists, which then decides.
        case latest
        case alias(AliasName)
        case version(VersionNumber)
    }

    package let name: FunctionName
    package let qualifier: Qualifier

    package init(name: FunctionName, qualifier: Qualifier = .latest) {
        self.name = name
        self.qualifier = qualifier
    }

    /// Parses `name`, `name:alias` or `name:version`.
    package init(_ raw: String) throws(Invalid) {
        guard let colon = raw.firstIndex(of: ":") else {
            self.init(name: try FunctionName(raw))
            return
        }
        let name = try FunctionName(String(raw[..<colon]))
        let rest = String(raw[raw.index(after: colon)...])
        if let number = UInt32(rest) {
            self.init(name: name, qualifier: .version(try VersionNumber(number)))
        } else {
            self.init(name: name, qualifier: .alias(try AliasName(rest)))
        }
    }

    package var text: String {
        switch qualifier {
        case .latest: name.text
        case .alias(let alias): "\(name):\(alias)"
        case .version(let version): "\(name):\(version)"
        }
    }

    package var description: String { text }
}

extension FunctionReference: TextCodable {}
