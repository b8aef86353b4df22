/// Something that starts a program: what a cold start is compared with.
enum Starter: String, CaseIterable, Sendable {
    case crun
    case bubblewrap = "bwrap"
    case bare = "fork and exec"

    /// What is started, and how, as the report says it.
    var title: String {
        switch self {
        case .crun: "crun run, static C"
        case .bubblewrap: "bwrap --unshare-all, static C"
        case .bare: "vfork and exec, static C"
        }
    }

    /// Prepares `folder` and gives the command that `start-timer` has to run again and again.
    ///
    /// The whole of it stands behind `prefix`, which is for what has to be so before the clock starts.
    func prepare(folder: String, hello: String) throws -> (prefix: [String], command: [String]) {
        switch self {
        case .bare:
            return ([], [hello])
        case .bubblewrap:
            let bwrap = try installed("bwrap", package: "bubblewrap")
            let root = try Self.makeRoot(in: folder, hello: hello)
            return (
                [],
                [
                    bwrap, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", root, "/", "--tmpfs",
                    "/tmp", "--proc", "/proc", "/hello",
                ]
            )
        case .crun:
            return try prepareCrun(try installed("crun", package: "crun"), folder: folder, hello: hello)
        }
    }

    private func installed(_ program: String, package: String) throws(BenchError) -> String {
        guard let path = Command.path(of: program) else {
            throw BenchError("\(program) is not installed (apt-get install \(package))")
        }
        return path
    }

    /// A root file system that holds nothing but the program.
    private static func makeRoot(in folder: String, hello: String) throws -> String {
        let root = "\(folder)/rootfs"
        let folders = [folder, root] + ["tmp", "proc", "dev", "sys"].map { "\(root)/\($0)" }
        for path in folders where !System.makeFolder(path) {
            throw BenchError("'\(path)' cannot be made: \(System.reason)")
        }
        try Command("cp", hello, "\(root)/hello").run()
        return root
    }

    /// crun's own default specification with our program in it, without cgroups: less work for it than usual.
    ///
    /// Where the machine has cgroups of both versions, crun refuses to run at all; then those of version 2 are hidden
    /// from it in a mount namespace around everything, before the clock starts.
    private func prepareCrun(
        _ crun: String,
        folder: String,
        hello: String
    ) throws -> (prefix: [String], command: [String]) {
        _ = try Self.makeRoot(in: folder, hello: hello)
        try Command([crun, "spec", "--bundle", folder] + (System.isRoot ? [] : ["--rootless"])).run()
        let path = "\(folder)/config.json"
        guard let specification = System.text(of: path), let edited = Self.edited(specification),
            System.write(edited, to: path)
        else { throw BenchError("the specification that crun wrote is not understood") }
        let command = [
            crun, "--root", "\(folder)/state", "--cgroup-manager=disabled", "run", "--bundle", folder, "bench-%n",
        ]
        let hidden = ["unshare", "--mount", "sh", "-c", "umount /sys/fs/cgroup/unified && exec \"$@\"", "sh"]
        let trial = command.map { $0 == "bench-%n" ? "bench-trial" : $0 }
        if try Command(trial).outcome().code == 0 { return ([], command) }
        let result = try Command(hidden + trial).outcome()
        guard result.code == 0 else { throw BenchError("crun does not run here: \(result.errors)") }
        return (hidden, command)
    }

    /// The specification with our program instead of a shell on a terminal; nil when it is not as expected.
    static func edited(_ specification: String) -> String? {
        let shell = "\"sh\""
        let terminal = "\"terminal\": true"
        guard let start = specification.firstRange(of: terminal), let program = specification.firstRange(of: shell)
        else { return nil }
        var edited = specification
        // The later one first, so that the earlier range stays right.
        edited.replaceSubrange(program, with: "\"/hello\"")
        edited.replaceSubrange(start, with: "\"terminal\": false")
        return start.lowerBound < program.lowerBound ? edited : nil
    }
}
