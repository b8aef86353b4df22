package import Domain
import Synchronization

/// Which bundles are unpacked on this node, at hand in memory for every call.
package final class BundleIndex: Sendable {
    private let digests: Mutex<Set<Digest>>
    private let coming = Mutex<Set<Digest>>([])
    private let onArrival = Mutex<(@Sendable (Digest) -> Void)?>(nil)

    package init(_ digests: Set<Digest>) { self.digests = Mutex(digests) }

    package func contains(_ digest: Digest) -> Bool { digests.withLock { $0.contains(digest) } }

    /// Says that a bundle is about to be received; false when somebody is at it already.
    func beginReceiving(_ digest: Digest) -> Bool { coming.withLock { $0.insert(digest).inserted } }

    /// Says that a bundle is received, or could not be.
    func endReceiving(_ digest: Digest) { _ = coming.withLock { $0.remove(digest) } }

    func isReceiving(_ digest: Digest) -> Bool { coming.withLock { $0.contains(digest) } }

    package func insert(_ digest: Digest) {
        guard digests.withLock({ $0.insert(digest).inserted }) else { return }
        onArrival.withLock { $0 }?(digest)
    }

    /// Sets what is to be told of every bundle that arrives.
    package func onArrival(_ action: @escaping @Sendable (Digest) -> Void) { onArrival.withLock { $0 = action } }
}
