/// A header of an answer that is only known when its call is over.
enum ClosingHeader: String, CaseIterable {
    /// Where its time went.
    case timing = "server-timing"
    case energy = "godwit-energy"
    /// The emissions, and the intensity that they were calculated with.
    case carbon = "godwit-carbon"
}
