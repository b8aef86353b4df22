// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bench-cold",
    dependencies: [.package(name: "godwit", path: "../../..")],
    targets: [
        .executableTarget(name: "bench-cold", dependencies: [.product(name: "FunctionKit", package: "godwit")])
    ]
)
