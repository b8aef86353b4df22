/// The headers that nodes send one another with calls; they never pass to or from anyone else.
enum PeerHeaders {
    /// What all of them begin with.
    static let prefix = "godwit-peer-"

    /// The execution's id, the same wherever it runs.
    static let id = "godwit-peer-id"
    /// Microseconds until the call must be over: a length, so that clocks need not agree.
    static let timeLeft = "godwit-peer-time-left"
    /// The digest of the version's bundle.
    static let digest = "godwit-peer-digest"
    /// How often the call was passed on, this time included.
    static let hops = "godwit-peer-hops"
    /// What a call took, on answers.
    static let outcome = "godwit-peer-outcome"
    /// Why it failed: JSON in base 64, on answers.
    static let failure = "godwit-peer-failure"
    /// The last lines it wrote: JSON in base 64, on answers of failed calls.
    static let logs = "godwit-peer-logs"
    /// Bytes of a streamed answer where the function announced them, on answers.
    static let length = "godwit-peer-length"
    /// That the bundle of the version is not there, on answers.
    static let missing = "godwit-peer-missing"
}
