import Domain

/// What a node and its developer need beside the sandbox.
struct MachineChecks {
    let context: CommandContext
    let data: String?
    let port: UInt16

    var all: [Check] { [swift, python, dataFolder, freePort, delegation].compactMap { $0 } }

    private var swift: Check {
        guard let result = System.run(["swift", "--version"]), result.code == 0,
            let line = result.output.split(whereSeparator: \.isNewline).first(where: { $0.contains("Swift version") })
        else {
            return Check(
                "swift",
                .weak,
                "no toolchain; only needed to build Swift functions here",
                remedy: "install Swift 6.3 or later from https://swift.org/install"
            )
        }
        return Check("swift", .good, String(line).trimmingSpaces)
    }

    private var python: Check {
        guard let result = System.run(["python3", "--version"]), result.code == 0 else {
            return Check("python3", .weak, "missing; Python functions will not start", remedy: "apt install python3")
        }
        return Check("python3", .good, result.output.trimmingSpaces)
    }

    private var dataFolder: Check {
        let path = DataFolder.path(option: data, environment: context.environment, isRoot: context.isRoot)
        var existing = path
        while !System.isFolder(existing), existing != Paths.parent(of: existing) {
            existing = Paths.parent(of: existing)
        }
        guard System.mayWrite(existing) else {
            return Check("data folder", .bad, "'\(path)' cannot be written", remedy: "name another with --data")
        }
        return Check("data folder", .good, existing == path ? path : "\(path), will be made")
    }

    private var freePort: Check {
        if System.isPortFree(port) { return Check("port \(port)", .good, "free") }
        return Check(
            "port \(port)",
            .weak,
            "in use, perhaps by a node that runs",
            remedy: "`godwit nodes` shows whether it is one; otherwise `godwit up` needs another port"
        )
    }

    /// An ordinary user's node can limit memory and processor only in a cgroup that was handed to it.
    private var delegation: Check? {
        guard !context.isRoot else { return nil }
        let own = System.open("/proc/self/cgroup").map { descriptor in
            defer { System.close(descriptor) }
            return String(decoding: System.readAll(descriptor), as: UTF8.self)
        }
        let line = own?.split(separator: "\n").first { $0.hasPrefix("0::") }
        guard let path = line.map({ "/sys/fs/cgroup" + $0.dropFirst(3) }), System.mayWrite(path) else {
            return Check(
                "cgroup delegation",
                .weak,
                "no cgroup is delegated to this user; memory and processor limits are coarser",
                remedy: "run the node as a systemd service with Delegate=yes, or by systemd-run --user -p Delegate=yes"
            )
        }
        return Check("cgroup delegation", .good, path)
    }
}
