// swift-tools-version: 6.3
import PackageDescription

/// What every Swift target is built with: Swift 6, all checks on, every warning an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"), .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let swiftASN1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioFileSystem: Target.Dependency = .product(name: "_NIOFileSystem", package: "swift-nio")
let nioExtras: Target.Dependency = .product(name: "NIOExtras", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")

// The node's program has the Swift libraries in it: calls into them need no detour, which is a fifth of what a call costs.
// Tests must not depend on a target with these settings: what they link takes them over, and cannot be linked so.
let staticRuntime: [SwiftSetting] = [.unsafeFlags(["-static-stdlib"])]
let linksStaticRuntime: [LinkerSetting] = [
    .unsafeFlags([
        "-static-stdlib", "-Xlinker", "--start-group", "-lFoundation", "-lFoundationEssentials",
        "-lFoundationInternationalization", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims",
        "-l_FoundationCollections", "-Xlinker", "--end-group", "-lstdc++",
    ])
]

let package = Package(
    name: "godwit",
    products: [
        .executable(name: "godwit", targets: ["godwit"]),
        .executable(name: "godwit-spawner", targets: ["godwit-spawner"]),
        .executable(name: "godwit-egress", targets: ["godwit-egress"]),
        .library(name: "FunctionKit", targets: ["FunctionKit"]),
        .library(name: "FunctionKitCodable", targets: ["FunctionKitCodable"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    ],
    targets: [
        // C: the sandbox and its spawner.
        .target(
            name: "CSandbox",
            linkerSettings: [.linkedLibrary("seccomp")]
        ),
        // It is C alone, and is forked for every instance that is prepared: without the Swift libraries that is quicker.
        // Tests must not depend on it either.
        .executableTarget(
            name: "godwit-spawner",
            dependencies: ["CSandbox"],
            linkerSettings: [.unsafeFlags(["-static-stdlib", "-nostartfiles"])]
        ),

        // The rooms, in the order in which arrows may point: only upward in this list.
        .target(name: "Domain", swiftSettings: strict),
        .target(name: "FunctionKit", swiftSettings: strict),
        .target(name: "FunctionKitCodable", dependencies: ["FunctionKit"], swiftSettings: strict),
        .target(name: "Egress", dependencies: ["Domain", "FunctionKit"], swiftSettings: strict),
        // The egress broker: the one process that reaches the network for functions.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .executableTarget(
            name: "godwit-egress",
            dependencies: ["CCurl", "CSandbox", "Domain", "FunctionKit", "Egress"],
            swiftSettings: strict
        ),
        .target(name: "Telemetry", dependencies: [logging], swiftSettings: strict),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .target(
            name: "Bundles",
            dependencies: ["Domain", "CArchive", crypto, .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "Executor",
            dependencies: ["CSandbox", "Domain", "FunctionKit", "Egress", nioCore, nioPosix, deque],
            resources: [
                .embedInCode("Resources/fetch.py"), .embedInCode("Resources/harness.py"),
                .embedInCode("Resources/zygote.py"),
            ],
            swiftSettings: strict
        ),
        .target(name: "Scheduler", dependencies: ["Domain"], swiftSettings: strict),
        .target(
            name: "Fabric",
            dependencies: [
                "Domain", crypto, .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Continuum",
            dependencies: ["Domain", nioCore, nioPosix, nioHTTP1, nioSSL, nioTLS, crypto, x509, swiftASN1],
            swiftSettings: strict
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "Domain", "FunctionKit", "Telemetry", "Bundles", "Executor", "Scheduler", "Fabric", "Continuum",
                nioCore, nioPosix, nioHTTP1, nioFileSystem, nioHTTPTypes, nioHTTPTypesHTTP1, nioExtras, httpTypes,
                crypto, logging, lifecycle, httpClient, deque,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                nioSSL, x509, swiftASN1,
            ],
            swiftSettings: strict
        ),

        // The command line, and the node that it wires together.
        .target(
            name: "Commands",
            dependencies: [
                "Domain", "Bundles", argumentParser, httpClient, nioCore, nioHTTP1, nioPosix, nioSSL,
            ],
            resources: [.embedInCode("Templates")],
            swiftSettings: strict
        ),
        .target(
            name: "Node",
            dependencies: [
                "CSandbox",
                "Commands", "Domain", "Telemetry", "Bundles", "Executor", "Fabric", "Continuum", "Scheduler", "Gateway",
                nioCore, nioPosix, nioSSL, logging, lifecycle, unixSignals, argumentParser, crypto,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "godwit",
            dependencies: ["Node"],
            swiftSettings: strict + staticRuntime,
            linkerSettings: linksStaticRuntime
        ),

        // For benchmarks: how long the choice of a node takes. Nothing else here brings in the mathematics library.
        .executableTarget(
            name: "decision-timer",
            dependencies: ["Scheduler", "Domain"],
            path: "Benchmarks/DecisionTimer",
            swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]
        ),
        // For tests and the demo: a wire that is slow.
        .executableTarget(
            name: "wan-relay",
            dependencies: [nioCore, nioPosix, argumentParser],
            path: "Tests/Support/WanRelay",
            swiftSettings: strict
        ),
        // For tests: a function, fully static as functions are.
        .executableTarget(
            name: "working-function",
            dependencies: ["FunctionKit"],
            path: "Tests/Support/WorkingFunction",
            swiftSettings: strict + [.unsafeFlags(["-static-stdlib"])],
            linkerSettings: [.unsafeFlags(["-static-executable", "-Xlinker", "-s"])]
        ),

        .executableTarget(
            name: "short-function",
            dependencies: ["FunctionKit"],
            path: "Tests/Support/ShortFunction",
            swiftSettings: strict + [.unsafeFlags(["-static-stdlib"])],
            linkerSettings: [.unsafeFlags(["-static-executable", "-Xlinker", "-s"])]
        ),

        .testTarget(name: "DomainTests", dependencies: ["Domain"], swiftSettings: strict),
        .testTarget(name: "FunctionKitTests", dependencies: ["FunctionKit"], swiftSettings: strict),
        .testTarget(name: "EgressTests", dependencies: ["Egress", "Domain", "FunctionKit"], swiftSettings: strict),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", logging], swiftSettings: strict),
        .testTarget(name: "BundleTests", dependencies: ["Bundles", "CArchive", "Domain"], swiftSettings: strict),
        .testTarget(
            name: "ExecutorTests",
            dependencies: ["Executor", "FunctionKit", "CSandbox", "Domain", nioCore],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SandboxTests",
            dependencies: ["CSandbox"],
            exclude: ["Attacks"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ContinuumTests",
            dependencies: ["Continuum", "Domain", crypto, x509, swiftASN1, nioSSL, nioCore, nioPosix, nioHTTP1],
            swiftSettings: strict
        ),
        .testTarget(name: "SchedulerTests", dependencies: ["Scheduler", "Domain"], swiftSettings: strict),
        .testTarget(
            name: "FabricTests",
            dependencies: ["Fabric", "Domain", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: ["Gateway", "Domain", "Fabric", "Scheduler", nioCore, nioPosix, nioHTTP1, logging],
            swiftSettings: strict
        ),
        .testTarget(
            name: "godwitTests",
            dependencies: ["Node", "Commands", "Bundles", "Domain", argumentParser, nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Bundles", "Domain", "Continuum", httpClient, nioCore, nioPosix, nioHTTP1, nioSSL,
                "godwit-egress", "wan-relay",
            ],
            swiftSettings: strict
        ),
    ]
)
