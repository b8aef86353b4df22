// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bench-burst",
    dependencies: [.package(name: "godwit", path: "../../..")],
    targets: [
        .executableTarget(name: "bench-burst", dependencies: [.product(name: "FunctionKit", package: "godwit")])
    ]
)
