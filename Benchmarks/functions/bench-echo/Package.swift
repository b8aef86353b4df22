// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bench-echo",
    dependencies: [.package(name: "godwit", path: "../../..")],
    targets: [
        .executableTarget(name: "bench-echo", dependencies: [.product(name: "FunctionKit", package: "godwit")])
    ]
)
