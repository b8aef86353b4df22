// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "street-noise",
    dependencies: [.package(name: "godwit", path: "../..")],
    targets: [
        .executableTarget(
            name: "street-noise",
            dependencies: ["NoiseMeter", .product(name: "FunctionKit", package: "godwit")]
        ),
        .target(name: "NoiseMeter"),
        .testTarget(name: "NoiseMeterTests", dependencies: ["NoiseMeter"]),
    ]
)
