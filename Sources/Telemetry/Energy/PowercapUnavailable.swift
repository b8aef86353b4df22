/// Why energy cannot be measured by powercap.
package enum PowercapUnavailable: Error, Hashable, CustomStringConvertible {
    /// The machine has no package zone, as most virtual machines and all small ARM boards.
    case absent(path: String)
    /// There is a zone, but this process may not read it (usually only root may).
    case unreadable(path: String, errno: Int32)

    package var description: String {
        switch self {
        case .absent(let path): "there is no package zone under \(path)"
        case .unreadable(let path, let errno): "\(path) cannot be read (errno \(errno))"
        }
    }
}
