/// The energy of the node as a whole.
package struct EnergyMetrics: Sendable {
    private let registry: MetricRegistry
    private let idle: HandleSet<EnergyMethod, FloatCounterHandle>
    private let functions: HandleSet<EnergyMethod, FloatCounterHandle>
    private let unattributed: HandleSet<EnergyMethod, FloatCounterHandle>
    private let power: HandleSet<EnergyMethod, GaugeHandle>

    /// Registers the metrics, each when it is first needed.
    package init(in registry: MetricRegistry) {
        @Sendable func joules(_ part: EnergyPart, _ method: String) -> FloatCounterHandle {
            registry.floatCounter(
                "godwit_node_energy_joules_total",
                help: "Energy of the node by what it went to and how it was obtained.",
                labels: ["part": part.text, "method": method]
            )
        }
        self.registry = registry
        self.idle = HandleSet { joules(.idle, $0) }
        self.functions = HandleSet { joules(.functions, $0) }
        self.unattributed = HandleSet { joules(.unattributed, $0) }
        self.power = HandleSet {
            registry.gauge(
                "godwit_node_power_watts",
                help: "Power of the node over the last interval; 0 for a method that is not in use.",
                labels: ["method": $0]
            )
        }
    }

    /// Adds the parts of a settled interval, and shows its power.
    package func settled(_ settlement: EnergySettlement) {
        let method = settlement.method
        idle[method].add(settlement.idle)
        functions[method].add(settlement.shares.values.reduce(0, +))
        unattributed[method].add(settlement.unattributed)
        for other in EnergyMethod.allCases { power[other].set(other == method ? settlement.watts : 0) }
    }

    /// Shows how busy the CPUs were in the last interval, 0 to 1.
    package func setUtilisation(_ share: Double) {
        registry.gauge(
            "godwit_node_utilisation_ratio",
            help: "Share of the CPU time of the machine that was busy over the last interval."
        )
        .set(share)
    }

    /// Shows the carbon intensity, in grams of CO₂ equivalent per kilowatt-hour.
    package func setIntensity(_ gramsPerKilowattHour: Double) {
        registry.gauge(
            "godwit_carbon_intensity_grams_per_kwh",
            help: "Grams of CO2 equivalent per kilowatt-hour of the node's electricity."
        )
        .set(gramsPerKilowattHour)
    }
}
