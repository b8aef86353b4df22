// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "echo",
    dependencies: [.package(name: "godwit", path: "../..")],
    targets: [
        .executableTarget(name: "echo", dependencies: [.product(name: "FunctionKit", package: "godwit")]),
        .testTarget(name: "echoTests", dependencies: ["echo"]),
    ]
)
