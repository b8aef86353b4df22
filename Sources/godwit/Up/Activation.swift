import Domain
import Executor
import Gateway

/// Tells the executor which versions calls can reach here: those whose bundle is here, and that may run here.
struct Activation: Sendable {
    let node: NodeDescription
    let catalogue: Catalogue
    let bundles: BundleIndex
    let bridge: CallBridge

    func update() {
        let active = catalogue.reachable.filter { version in
            bundles.contains(version.digest) && version.spec.placement.obstacles(on: node, from: node.site).isEmpty
        }
        bridge.execute { $0.executor.setActive(active) }
    }
}
