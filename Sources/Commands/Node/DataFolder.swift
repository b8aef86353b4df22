/// Where a node keeps its data unless it is told otherwise.
package enum DataFolder {
    /// The variable that names another folder.
    package static let variable = "GODWIT_DATA"

    /// `option`, else `GODWIT_DATA`, else `/var/lib/godwit` for root, else a folder of the user's own.
    package static func path(option: String?, environment: [String: String], isRoot: Bool) -> String {
        if let option, !option.isEmpty { return option }
        if let set = environment[variable], !set.isEmpty { return set }
        if isRoot { return "/var/lib/godwit" }
        // The XDG rules: a relative path in the variable does not count.
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return Paths.join(base, "godwit") }
        return Paths.join(environment["HOME"] ?? ".", ".local/share/godwit")
    }
}
