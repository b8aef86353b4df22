/// A descriptor of ours, closed when nobody refers to it any more.
final class OpenFile: Sendable {
    let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { System.close(descriptor) }
}
