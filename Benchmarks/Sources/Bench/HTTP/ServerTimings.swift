/// The durations of a `Server-Timing` header, in milliseconds, in their order.
struct ServerTimings: Sendable {
    let durations: [(name: String, milliseconds: Double)]

    init(_ header: String) {
        durations = header.split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: ";").map { $0.trimmingSpaces }
            let duration = parts.dropFirst().first { $0.hasPrefix("dur=") }.flatMap { Double($0.dropFirst(4)) }
            guard let name = parts.first, !name.isEmpty, let duration else { return nil }
            return (String(name), duration)
        }
    }
}

extension Substring {
    /// Without spaces at its ends.
    fileprivate var trimmingSpaces: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return text
    }
}
