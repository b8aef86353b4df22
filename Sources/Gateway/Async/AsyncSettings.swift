package import Domain

/// How asynchronous calls are worked off.
package struct AsyncSettings: Sendable, Equatable {
    /// Calls worked on at once.
    package var parallelism = 32
    package var retry = RetryPolicy()
    /// How long finished executions are remembered; dead ones stay until someone decides.
    package var retention = TimeSpan.hours(24)
    /// When a callback that failed is tried again.
    package var callbackRetry = RetryPolicy(attempts: 8, base: .seconds(1), limit: .minutes(10))
    /// Networks, in CIDR form, that callbacks may go to although they are not public.
    package var callbackNetworks: [AddressRange] = []

    package init() {}
}
