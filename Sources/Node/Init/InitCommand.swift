package import ArgumentParser
package import Commands
package import Domain
import Telemetry

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `godwit init`.
package struct InitCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Look at this machine and write a node's configuration.",
        discussion: """
            Finds out what the machine is and has, measures for a fifth of a second how fast one core of it is, and \
            writes a file with comments for: godwit up --config node.yaml
            Run it while the machine has little else to do, and look at what it wrote.
            """
    )

    @Option(help: ArgumentHelp("The file to write; - is standard output.", valueName: "file")) package var output =
        "node.yaml"
    @Option(help: "Name of the node; by default the host's.", transform: Parse.text) package var name: NodeName?
    @Option(help: "Tier it belongs to, for example edge or cloud; by default edge.", transform: Parse.text)
    package var tier: Tier?
    @Option(help: "Site it stands at.", transform: Parse.text) package var site: Site?
    @Option(name: .customLong("class"), help: "What kind of machine it is, if you know better.", transform: Parse.text)
    package var deviceClass: DeviceClass?
    @Flag(help: "Replace the file where there is one.") package var force = false
    @OptionGroup package var format: OutputOptions

    package init() {}

    package func validate() throws {
        guard !format.json || output != "-" else {
            throw ValidationError("--json writes to standard output too; name a file with --output")
        }
    }

    package func execute(_ context: CommandContext) async throws {
        let isShown = output == "-"
        if !isShown { try check() }
        let probe = MachineProbe()
        var profile = probe.profile
        if let deviceClass { profile.deviceClass = deviceClass }
        profile.speed = Self.rounded(MicroBenchmark().speed)
        let name = try name ?? NodeName(MachineProbe.nodeName)
        let tier = try tier ?? Tier("edge")
        let text = ConfigurationText(
            name: name,
            tier: tier,
            site: site,
            powerPreset: probe.powerPreset,
            energy: probe.energy,
            profile: profile
        )
        .text
        if isShown { return context.console.raw(Array(text.utf8)) }
        guard Machine.write(Array(text.utf8), to: output, mode: 0o644) else {
            throw CommandFailure("'\(output)' cannot be written; name another file with --output")
        }
        if format.json {
            let curve = probe.powerPreset.flatMap { PowerCurve.preset($0, cores: profile.cores ?? 1) }
            let power = PowerRating(idleWatts: curve?.idleWatts ?? 0, maxWatts: curve?.maxWatts ?? 0)
            let node = profile.description(name: name, tier: tier, site: site, power: power, probed: NodeProfile())
            return context.console.line(try Self.json(node))
        }
        let model = probe.model.map { ", \($0.text)" } ?? ""
        context.console.line("\(output): \(profile.deviceClass ?? .generic)\(model)")
        context.console.note("Look at it, then start the node: godwit up --config \(output)")
    }

    private static func json(_ node: NodeDescription) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(node), as: UTF8.self)
    }

    private func check() throws {
        let isThere = Machine.names(in: Paths.parent(of: output)).contains(Paths.name(of: output))
        guard force || !isThere else {
            throw CommandFailure("'\(output)' is there already; --force replaces it, --output names another file")
        }
    }

    /// To a tenth, which is more than the measurement is worth, and never zero.
    private static func rounded(_ speed: SpeedProfile) -> SpeedProfile {
        func tenth(_ value: Double) -> Double { max(0.1, (value * 10).rounded() / 10) }
        return SpeedProfile(
            integer: tenth(speed.integer),
            floating: tenth(speed.floating),
            memory: tenth(speed.memory),
            hashing: tenth(speed.hashing)
        )
    }
}
