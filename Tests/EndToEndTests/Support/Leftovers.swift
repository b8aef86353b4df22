import Foundation

/// Finds what a node left behind.
enum Leftovers {
    /// Command lines of processes that name this data folder.
    static func processes(of data: String) -> [String] {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return pids.compactMap { pid in
            guard Int(pid) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
                return nil
            }
            let line = String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
            return line.contains(data) ? "\(pid): \(line)" : nil
        }
    }

    /// Processes below `pid`, by their command lines.
    static func children(of pid: Int32) -> [Int32] {
        let pids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
        return pids.filter { child in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(child)/stat") else { return false }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let close = text.lastIndex(of: ")") else { return false }
            let fields = text[text.index(after: close)...].split(separator: " ")
            return fields.count > 1 && Int32(fields[1]) == pid
        }
    }

    /// The instances of a spawner: its children, but for the standby, which runs no function's program yet.
    static func instances(of spawner: Int32) -> [Int32] {
        children(of: spawner).filter { name(of: $0) != "godwit-spawner" }
    }

    /// Control groups whose name holds this text.
    static func groups(named name: String) -> [String] {
        guard let walker = FileManager.default.enumerator(atPath: "/sys/fs/cgroup") else { return [] }
        return walker.compactMap { $0 as? String }.filter { $0.contains(name) && $0.hasSuffix(name) }
    }
}

extension Leftovers {
    /// The name of a process's program.
    static func name(of pid: Int32) -> String {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/comm") else { return "" }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }
}
