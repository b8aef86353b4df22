// swift-tools-version: 6.3
import PackageDescription

/// What every Swift target is built with: the same as in the root manifest.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"), .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let package = Package(
    name: "godwit-benchmarks",
    products: [.executable(name: "godwit-bench", targets: ["godwit-bench"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2")
    ],
    targets: [
        .target(
            name: "Bench",
            dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict
        ),
        .executableTarget(name: "godwit-bench", dependencies: ["Bench"], swiftSettings: strict),
        .testTarget(name: "BenchTests", dependencies: ["Bench"], swiftSettings: strict),
    ]
)
