// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "sensor-watch",
    dependencies: [.package(name: "godwit", path: "../..")],
    targets: [
        .executableTarget(
            name: "sensor-watch",
            dependencies: [
                "Watching", .product(name: "FunctionKit", package: "godwit"),
                .product(name: "FunctionKitCodable", package: "godwit"),
            ]
        ),
        .target(name: "Watching"),
        .testTarget(name: "WatchingTests", dependencies: ["Watching"]),
    ]
)
