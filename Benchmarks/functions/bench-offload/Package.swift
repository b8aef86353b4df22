// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bench-offload",
    dependencies: [.package(name: "godwit", path: "../../..")],
    targets: [
        .executableTarget(name: "bench-offload", dependencies: [.product(name: "FunctionKit", package: "godwit")])
    ]
)
