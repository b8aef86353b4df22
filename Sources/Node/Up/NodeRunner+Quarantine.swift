import Domain
import Fabric
import Gateway
import Logging

extension NodeRunner {
    /// The versions that were in quarantine when the node was stopped still are.
    func makeQuarantine(_ store: any ContinuumStore) async throws -> Quarantine {
        let quarantine = Quarantine(node: description.name, settings: configuration.quarantine)
        if let bytes = try await store.document(.quarantine) {
            quarantine.restore(try JSON.decode(QuarantineList.self, from: bytes).versions)
        }
        for held in quarantine.held {
            logger.warning(
                "a version is still in quarantine",
                metadata: ["function": "\(held.function):\(held.version)", "since": "\(held.since)"]
            )
        }
        let logger = logger
        quarantine.onChange { [weak quarantine] caught in
            guard let caught, let quarantine else { return }
            logger.error(
                "a version is in quarantine: its instances broke out of their bounds again and again",
                metadata: [
                    "function": "\(caught.function):\(caught.version)", "last": "\(caught.reason)",
                    "remedy": "godwit functions release \(caught.function)",
                ]
            )
            Task {
                do {
                    try await store.store(JSON.encode(QuarantineList(versions: quarantine.held)), as: .quarantine)
                } catch {
                    logger.error("the quarantine could not be stored", metadata: ["error": "\(error)"])
                }
            }
        }
        return quarantine
    }
}
