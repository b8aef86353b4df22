import Logging

/// What an event says beside its message, from all places where metadata may stand.
enum LogMetadata {
    /// The metadata of the handler, of the provider and of the event, later ones winning, with the event's error; sorted.
    static func merged(
        handler: Logger.Metadata,
        provider: Logger.MetadataProvider?,
        event: LogEvent
    ) -> [(key: String, value: Logger.Metadata.Value)] {
        var merged = handler
        if let provider { merged.merge(provider.get()) { $1 } }
        if let metadata = event.metadata { merged.merge(metadata) { $1 } }
        if let error = event.error {
            merged["error.message"] = "\(error)"
            merged["error.type"] = "\(String(reflecting: type(of: error)))"
        }
        return merged.sorted { $0.key < $1.key }
    }
}
