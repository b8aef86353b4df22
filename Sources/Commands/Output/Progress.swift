/// The line that shows how far an upload is.
enum Progress {
    /// Shows it; removes the line at the end.
    ///
    /// Uploads that are over at once show nothing.
    static func show(_ what: String, _ done: UInt64, of total: UInt64, on console: Console) {
        guard total > 1 << 20 else { return }
        let line = "\(what) \(Human.bytes(done)) of \(Human.bytes(total)) (\(done * 100 / total) %)"
        console.progress(done < total ? line : "")
    }
}
