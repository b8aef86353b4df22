import Domain

/// The body of `PUT /v1/weights`.
struct WeightsChange: Encodable {
    let table: WeightTable
    /// Why.
    let note: String
}
