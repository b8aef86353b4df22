import ArgumentParser
import Bundles
import Commands
import Domain
import Foundation
import Testing
import Node

@Suite("godwit init")
struct InitTests {
    @Test("the micro-benchmark gives positive, finite numbers, in the time it has")
    func benchmark() {
        let clock = ContinuousClock()
        var speed = MicroBenchmark(budget: 1).speed
        let took = clock.measure { speed = MicroBenchmark(budget: 2_000_000).speed }
        for value in [speed.integer, speed.floating, speed.memory, speed.hashing] {
            #expect(value.isFinite && value > 0)
        }
        // Generous: other tests run beside this one.
        #expect(took < .seconds(10))
    }

    @Test("a configuration that the node takes, and that is not overwritten")
    func configuration() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/node.yaml"
        let made = try await perform(
            InitCommand.self,
            "--output",
            path,
            "--name",
            "edge-7",
            "--tier",
            "fog",
            "--site",
            "barn",
            "--class",
            "my-board",
            "--json"
        )
        #expect(made.code == 0, "\(made.errors)")
        let node = try JSON.value(NodeDescription.self, Array(made.output.utf8))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let read = try YAMLFile(name: path).read(Array(text.utf8)) { (document) throws(Invalid) in
            let top = try DocumentMap(document, at: "", known: ["name", "tier", "site", "energy", "node"])
            let profile = try NodeProfile(parsing: top.value("node") ?? .null)
            return profile.description(
                name: try NodeName(try top.text("name") ?? ""),
                tier: try Tier(try top.text("tier") ?? ""),
                site: try top.parsed("site", Site.init),
                power: node.power,
                probed: NodeProfile()
            )
        }
        #expect(read == node)
        #expect(node.name.text == "edge-7" && node.tier.text == "fog" && node.site?.text == "barn")
        #expect(node.deviceClass.text == "my-board")
        let again = try await perform(InitCommand.self, "--output", path)
        #expect(again.code == 1)
        #expect(again.errors.contains("--force"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        let forced = try await perform(InitCommand.self, "--output", path, "--force")
        #expect(forced.code == 0)
        #expect(forced.errors.contains("godwit up --config \(path)"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) != text)
    }

    @Test("to standard output, and where it cannot be written")
    func outputs() async throws {
        let shown = try await perform(InitCommand.self, "--output", "-")
        #expect(shown.output.hasPrefix("# The configuration of a Godwit node"))
        let lost = try await perform(InitCommand.self, "--output", "/nonexistent/node.yaml")
        #expect(lost.code == 1)
        #expect(throws: (any Error).self) { try InitCommand.parse(["--output", "-", "--json"]) }
        #expect(throws: (any Error).self) { try InitCommand.parse(["--class", "My Board"]) }
    }

    @Test(
        "models become classes",
        arguments: [
            ("Raspberry Pi 4 Model B Rev 1.4\0", "raspberry-pi-4", "raspberry-pi-4"),
            ("Raspberry Pi 3 Model B Plus Rev 1.3", "raspberry-pi-3b-plus", "raspberry-pi-3b+"),
            ("Raspberry Pi Zero 2 W Rev 1.0", "raspberry-pi-zero-2-w", nil),
            ("12th Gen Intel(R) Core(TM) i7-1260P", "intel-core-i7-1260p", nil),
            ("Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz", "intel-xeon-e5-2686-v4", nil),
            ("AMD EPYC 7B13 64-Core Processor", "amd-epyc-7b13", nil),
            ("AMD Ryzen 7 5800U with Radeon Graphics", "amd-ryzen-7-5800u-radeon", nil),
            ("NVIDIA Jetson Nano Developer Kit", "nvidia-jetson-nano-developer-kit", nil), ("(R) @ 3 GHz", nil, nil),
        ] as [(String, String?, String?)]
    )
    func models(text: String, label: String?, preset: String?) {
        #expect(MachineModel(text).deviceClass?.text == label)
        #expect(MachineModel(text).powerPreset == preset)
    }

    @Test("a board is known by its device tree, its accelerators by their nodes")
    func board() throws {
        let folder = try TemporaryFolder()
        try folder.write("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
        try folder.write("proc/cpuinfo", "Model\t\t: something else\n")
        try folder.write("dev/apex_0", "")
        try folder.write("dev/nvidia0", "")
        try folder.write("dev/dri/renderD128", "")
        try folder.write("dev/dri/renderD129", "")
        try folder.write("dev/dri/card0", "")
        try folder.write("sys/class/drm/renderD128/device/vendor", "0x10de\n")
        let probe = MachineProbe(root: folder.path)
        #expect(probe.profile.deviceClass?.text == "raspberry-pi-5")
        #expect(probe.powerPreset == "raspberry-pi-5")
        #expect(probe.accelerators == ["nvidia-gpu", "gpu", "coral-tpu"])
        #expect(probe.energy.hasPrefix("Energy is estimated"))
    }

    @Test("a computer is known by its processor, its meters and its USB devices")
    func computer() throws {
        let folder = try TemporaryFolder()
        try folder.write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Intel(R) N100\n")
        try folder.write("sys/class/dmi/id/product_name", "NUC11ATKC4\n")
        try folder.write("sys/class/powercap/intel-rapl:0/name", "package-0\n")
        try folder.write("sys/class/powercap/intel-rapl:0/energy_uj", "1000\n")
        try folder.write("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "262143328850\n")
        try folder.write("sys/bus/usb/devices/2-1/idVendor", "18d1\n")
        try folder.write("sys/bus/usb/devices/2-1/idProduct", "9302\n")
        let probe = MachineProbe(root: folder.path)
        #expect(probe.model?.text == "Intel(R) N100")
        #expect(probe.powerPreset == "intel-nuc")
        #expect(probe.energy == "Energy is measured here (package-0); this is for predictions.")
        #expect(probe.accelerators == ["coral-tpu"])
        let arm = try TemporaryFolder()
        try arm.write("proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n")
        #expect(MachineProbe(root: arm.path).model?.deviceClass?.text == "arm-neoverse-n1")
        #expect(MachineProbe(root: "\(arm.path)/nothing").model == nil)
    }
}
