import Foundation
import Glibc

/// What an attack could get at if it came out: files, a neighbour's bundle, sockets of the host.
final class Bait: Sendable {
    let folder: String
    private let sockets: [Int32]
    private let port: Int
    private let (sharedKey, sharedMemory): (Int32, Int32)

    /// Digests of the bundle that attacks and of the one that is to be left alone.
    static let (own, other) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))

    init() throws {
        folder = Workshop.folder + "/bait-\(UUID().uuidString.prefix(8).lowercased())"
        let files = FileManager.default
        for digest in [Self.own, Self.other] {
            let bundle = "\(folder)/bundles/\(digest)"
            try files.createDirectory(atPath: bundle, withIntermediateDirectories: true)
            try files.copyItem(atPath: Workshop.attacks.get(), toPath: "\(bundle)/attacks")
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bundle)/attacks")
        }
        try "secret".write(toFile: "\(folder)/secret", atomically: true, encoding: .utf8)
        try "secret".write(toFile: "\(folder)/bundles/\(Self.other)/secret", atomically: true, encoding: .utf8)
        (port, sockets) = try Self.listen(folder)
        let key = Int32.random(in: 1..<Int32.max)
        (sharedKey, sharedMemory) = (key, shmget(key, 4096, Int32(IPC_CREAT) | 0o666))
        for path in ["\(folder)/door", "\(folder)/secret"] {
            try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
        }
    }

    deinit {
        for socket in sockets { close(socket) }
        _ = shmctl(sharedMemory, Int32(IPC_RMID), nil)
        try? FileManager.default.removeItem(atPath: folder)
    }

    var bundles: String { folder + "/bundles" }

    /// What the attacks are told of it, as environment.
    var environment: [String] {
        [
            "HOST_FILE=\(folder)/secret", "HOST_FOLDER=\(folder)", "OTHER_BUNDLE=\(bundles)/\(Self.other)/secret",
            "PORT=\(port)", "ABSTRACT=\(abstractName)", "UNIX_PATH=\(folder)/door",
            "SHARED_KEY=\(sharedKey)",
        ]
    }

    private var abstractName: String { Self.abstractName(folder) }
    private static func abstractName(_ folder: String) -> String { "godwit-\(folder.suffix(8))" }

    /// Listens on loopback, on a path and on an abstract name.
    private static func listen(_ folder: String) throws -> (port: Int, sockets: [Int32]) {
        let tcp = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the address outlives the calls and is as large as they are told.
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let result = unsafe Glibc.bind(tcp, address, size) | Glibc.listen(tcp, 8)
                return unsafe result | getsockname(tcp, address, &size)
            }
        }
        guard bound == 0 else { throw Workshop.Failure(description: "no port to listen at") }
        var sockets = [tcp]
        for path in ["\(folder)/door", "\0" + abstractName(folder)] {
            let unix = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var name = sockaddr_un()
            name.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8.prefix(107))
            // SAFETY: at most 107 bytes go into the 108 of the name.
            unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: bytes) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + 1)
            // SAFETY: the name outlives the call, which reads no more than its first `length` bytes.
            let result = unsafe withUnsafePointer(to: &name) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe Glibc.bind(unix, $0, length) }
            }
            guard result == 0, Glibc.listen(unix, 8) == 0 else {
                throw Workshop.Failure(description: "no socket at \(path)")
            }
            sockets.append(unix)
        }
        return (Int(UInt16(bigEndian: address.sin_port)), sockets)
    }
}
