import Domain
import Telemetry

/// Looks at a machine: what it has, without measuring how fast it is.
///
/// Reads a few small files; good for every start of a node.
package struct MachineProbe: Sendable {
    /// Before every path: empty for this machine.
    private let root: String

    /// Looks at this machine, or at a copy of its files under `root`.
    package init(root: String = "") { self.root = root }

    /// The host's name made into that of a node; `node` where nothing is left of it.
    package static var nodeName: String {
        let letters = Machine.hostName.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let label = String(letters).split(separator: "-").joined(separator: "-").prefix(Label.maximumLength)
        return (try? NodeName(String(label)))?.text ?? "node"
    }

    /// All that can be found out.
    package var profile: NodeProfile {
        var profile = NodeProfile()
        profile.deviceClass = model?.deviceClass
        profile.cores = Machine.cores
        // Whole mebibytes read better, and a node never has all of it anyway.
        profile.memory = .mebibytes(Machine.memory.bytes >> 20)
        profile.architecture = Machine.architecture
        profile.accelerators = accelerators
        return profile
    }

    /// What the machine calls itself: its board by the device tree, else its processor.
    package var model: MachineModel? {
        if let board = text("/proc/device-tree/model") { return MachineModel(board) }
        guard let info = text("/proc/cpuinfo", limit: 16_384) else { return nil }
        func field(_ name: String) -> String? {
            for line in info.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].trimmingSpaces == name { return parts[1].trimmingSpaces }
            }
            return nil
        }
        if let name = field("model name") ?? field("Model") { return MachineModel(name) }
        // ARM servers say numbers only.
        return field("CPU part").map { MachineModel(Self.armParts[$0.lowercased()] ?? "ARM \($0)") }
    }

    /// Names of processors by their part number, of `CPU implementer` 0x41.
    private static let armParts = [
        "0xd03": "ARM Cortex-A53", "0xd04": "ARM Cortex-A35", "0xd05": "ARM Cortex-A55", "0xd07": "ARM Cortex-A57",
        "0xd08": "ARM Cortex-A72", "0xd0b": "ARM Cortex-A76", "0xd0c": "ARM Neoverse-N1", "0xd40": "ARM Neoverse-V1",
        "0xd49": "ARM Neoverse-N2", "0xd4f": "ARM Neoverse-V2",
    ]

    /// The name of the built-in power curve that fits best; nil where none does.
    package var powerPreset: String? {
        if let preset = model?.powerPreset { return preset }
        let product = text("/sys/class/dmi/id/product_name") ?? ""
        if product.hasPrefix("NUC") { return "intel-nuc" }
        return Machine.architecture == "x86_64" ? "x86-server" : nil
    }

    /// Whether energy can be measured, and by what, or why not: a sentence.
    package var energy: String {
        do {
            let packages = try PowercapMeter(root: root + "/sys/class/powercap").packages
            return "Energy is measured here (\(packages.joined(separator: ", "))); this is for predictions."
        } catch {
            return "Energy is estimated from this, not measured: \(error)."
        }
    }

    /// Accelerators whose device nodes are there.
    package var accelerators: [String] {
        let devices = Set(Machine.names(in: root + "/dev"))
        var found: [String] = []
        if devices.contains("nvidia0") { found.append("nvidia-gpu") }
        for name in Machine.names(in: root + "/dev/dri").sorted() where name.hasPrefix("renderD") {
            switch text("/sys/class/drm/\(name)/device/vendor") {
            case "0x10de": found.append("nvidia-gpu")
            case "0x1002": found.append("amd-gpu")
            case "0x8086": found.append("intel-gpu")
            default: found.append("gpu")
            }
        }
        if devices.contains("apex_0") || hasCoralStick { found.append("coral-tpu") }
        return found.uniqued
    }

    /// A Coral USB accelerator, before or after it has loaded its firmware.
    private var hasCoralStick: Bool {
        let folder = "/sys/bus/usb/devices"
        return Machine.names(in: root + folder).contains { device in
            let vendor = text("\(folder)/\(device)/idVendor")
            guard vendor == "1a6e" || vendor == "18d1" else { return false }
            let product = text("\(folder)/\(device)/idProduct")
            return vendor == "1a6e" ? product == "089a" : product == "9302"
        }
    }

    /// A small file's text without white space and zero bytes at its ends; nil when there is none.
    private func text(_ path: String, limit: Int = 256) -> String? {
        guard let bytes = Machine.read(root + path), !bytes.isEmpty else { return nil }
        return String(decoding: bytes.prefix(limit).filter { $0 != 0 }, as: UTF8.self).trimmingSpaces
    }
}
