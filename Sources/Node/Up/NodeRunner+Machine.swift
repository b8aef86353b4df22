import Domain
import Gateway
import Logging
import Telemetry

extension NodeRunner {
    /// What this node is, from its configuration and what can be seen of the machine.
    var description: NodeDescription {
        let curve = configuration.energy.curve
        return configuration.profile.description(
            name: configuration.name,
            tier: configuration.tier,
            site: configuration.site,
            power: PowerRating(idleWatts: curve.idleWatts, maxWatts: curve.maxWatts)
        )
    }

    /// The node's numbers, with the best meter there is.
    func makeTelemetry(cores: Int) -> GatewayTelemetry {
        let (settings, logger) = (configuration.energy, logger)
        let model = EnergyModel(curve: settings.curve, cores: cores)
        var meter: (any EnergyMeter)? = meter
        if let (program, unit) = settings.command {
            meter = CommandMeter(program, unit: unit) { failure in
                report(failure, of: "the energy meter", to: logger)
            }
        }
        let source = settings.carbon ?? configuration.profile.carbon.map(CarbonIntensity.Source.constant)
        let carbon = source.map { source in
            CarbonIntensity(source) { failure in report(failure, of: "the carbon intensity", to: logger) }
        }
        return GatewayTelemetry(
            energy: EnergyAccountant(model: model, meter: meter, idleWatts: settings.idleWatts),
            carbon: carbon
        )
    }
}

/// Says when something that is asked again and again begins to fail, and when it works again.
private func report(_ failure: (some Error)?, of what: String, to logger: Logger) {
    if let failure {
        logger.warning("\(what) cannot be read; the model stands in", metadata: ["error": "\(failure)"])
    } else {
        logger.info("\(what) can be read again")
    }
}
