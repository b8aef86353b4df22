package import Domain

/// What a machine calls itself, made into the label of a device class.
package struct MachineModel: Hashable, Sendable {
    /// As the firmware or the processor says it: `Raspberry Pi 4 Model B Rev 1.4`.
    package let text: String

    /// Takes a name as it was found.
    package init(_ text: String) {
        self.text = text.split { $0.isWhitespace || $0 == "\0" }.joined(separator: " ")
    }

    /// What says nothing of the kind.
    private static let noise: Set<String> = ["r", "tm", "cpu", "processor", "gen", "rev", "model", "with", "graphics"]

    /// The class of machines of this model: `raspberry-pi-4`, `intel-core-i7-1260p`; nil when nothing is left of it.
    package var deviceClass: DeviceClass? {
        if let pi = Self.raspberryPi(words) { return try? DeviceClass(pi) }
        var kept = words.filter { !Self.noise.contains($0) && !Self.isGeneration($0) }
        // `8-core`, and what a cloud adds in braces, go as words; so do the clock after `@` and a board's revision.
        if let core = kept.firstIndex(of: "core"), core > 0, Int(kept[core - 1]) != nil {
            kept.removeSubrange(core - 1...core)
        }
        let joined = kept.joined(separator: "-").prefix(Label.maximumLength)
        return try? DeviceClass(joined.split(separator: "-").joined(separator: "-"))
    }

    /// The words in lower case, up to a clock or a revision.
    private var words: [String] {
        let end = text.firstIndex(of: "@") ?? text.endIndex
        let letters = text[..<end].lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : " " }
        let words = String(letters).split(separator: " ").map(String.init)
        return Array(words.prefix { $0 != "rev" })
    }

    /// `12th` of `12th Gen`.
    private static func isGeneration(_ word: String) -> Bool {
        ["st", "nd", "rd", "th"].contains { word.hasSuffix($0) && Int(word.dropLast(2)) != nil }
    }

    /// Boards of one generation are equally fast, whatever their memory and ports; a `3 Model B Plus` is faster.
    private static func raspberryPi(_ words: [String]) -> String? {
        guard words.starts(with: ["raspberry", "pi"]), words.count > 2 else { return nil }
        guard words[2] == "3", words.contains("plus") else {
            return words.dropFirst(2).first.flatMap { Int($0) == nil ? nil : "raspberry-pi-\($0)" }
        }
        return "raspberry-pi-3b-plus"
    }

    /// The built-in power curve of the model, by its name; nil where there is none.
    package var powerPreset: String? {
        switch deviceClass?.text {
        case "raspberry-pi-3b-plus": "raspberry-pi-3b+"
        case "raspberry-pi-4": "raspberry-pi-4"
        case "raspberry-pi-5": "raspberry-pi-5"
        default: nil
        }
    }
}
