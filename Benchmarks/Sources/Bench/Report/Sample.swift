/// What one subject gave in one round.
typealias Sample = [(metric: Metric, value: Double)]
