// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bench-stream",
    dependencies: [.package(name: "godwit", path: "../../..")],
    targets: [
        .executableTarget(name: "bench-stream", dependencies: [.product(name: "FunctionKit", package: "godwit")])
    ]
)
