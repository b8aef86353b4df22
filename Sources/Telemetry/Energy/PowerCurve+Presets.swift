extension PowerCurve {
    /// Names that ``preset(_:cores:)`` knows.
    package static let presetNames = [
        "x86-server", "raspberry-pi-3b+", "raspberry-pi-4", "raspberry-pi-5", "intel-nuc",
    ]

    /// A built-in curve by its name, or nil; `cores` counts only for those that are stated per core.
    package static func preset(_ name: String, cores: Int) -> PowerCurve? {
        switch name {
        case "x86-server": x86Server(cores: cores)
        case "raspberry-pi-3b+": raspberryPi3
        case "raspberry-pi-4": raspberryPi4
        case "raspberry-pi-5": raspberryPi5
        case "intel-nuc": intelNUC
        default: nil
        }
    }

    /// A share of a generic x86 server, so many logical cores of it.
    package static func x86Server(cores: Int) -> PowerCurve {
        let cores = Double(max(1, cores))
        let source = "Cloud Carbon Footprint, average of AWS: 0.74 to 3.5 W per vCPU"
        return PowerCurve("x86-server", source, 0.74 * cores, 3.5 * cores, .exponent(1))
    }

    /// Raspberry Pi 3 B+, measured.
    package static let raspberryPi3 = measured(
        "raspberry-pi-3b+",
        "Joular power models, rbp3b+1.3 (polynomial at steps of 10 %, made to rise)",
        [2.48, 2.48, 2.66, 2.66, 2.98, 3.87, 4.45, 4.45, 4.52, 5.00, 5.27]
    )

    /// Raspberry Pi 4 B, 64-bit system, measured.
    package static let raspberryPi4 = measured(
        "raspberry-pi-4",
        "Joular power models, rbp4b1.2-64 (polynomial at steps of 10 %, made to rise)",
        [3.01, 3.01, 3.18, 3.46, 3.93, 4.53, 5.12, 5.60, 6.01, 6.44, 6.44]
    )

    /// Raspberry Pi 5, measured; the straight line, as the published polynomial is out of bounds at both ends.
    package static let raspberryPi5 = PowerCurve(
        "raspberry-pi-5",
        "Joular power models, rbp5b1.0-64 (linear)",
        4.40,
        7.86,
        .exponent(1)
    )

    /// A small x86 computer, four cores.
    package static let intelNUC = PowerCurve(
        "intel-nuc",
        "estimate from data sheets and reviews (faas-sim): 6 W and 28 W more; measure yours",
        6,
        34,
        .exponent(1)
    )

    private static func measured(_ name: String, _ source: String, _ tenths: [Double]) -> PowerCurve {
        let points = tenths.enumerated().map { Point(utilisation: Double($0) / 10, watts: $1) }
        return PowerCurve(name, source, tenths.min() ?? 0, tenths.max() ?? 0, .table(points))
    }
}
