// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bench-zygote",
    dependencies: [.package(name: "godwit", path: "../../..")],
    targets: [
        .executableTarget(name: "bench-zygote", dependencies: [.product(name: "FunctionKit", package: "godwit")])
    ]
)
