/// What one thread sleeps on until another rings it: the two ends of a pipe.
final class Bell: Sendable {
    let near: OpenFile
    let far: OpenFile

    init(near: OpenFile, far: OpenFile) {
        self.near = near
        self.far = far
    }
}
