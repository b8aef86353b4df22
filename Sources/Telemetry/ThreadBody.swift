/// What a thread of ours runs; a class, so that it travels through C as one pointer.
final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
