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
        let allowed = catalogue.reachable.filter { version in
            version.spec.placement.obstacles(on: node, from: node.site).isEmpty
        }
        let active = allowed.filter { bundles.contains($0.digest) }
        let owed = allowed.filter { $0.spec.instances.min > 0 && !bundles.contains($0.digest) }
        bridge.execute { service in
            service.executor.setActive(active)
            // Instances that are to be kept ready need their bundle before the first call.
            for version in owed { service.continuum.fetch(version) }
        }
    }
}
