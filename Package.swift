// swift-tools-version: 6.2
import PackageDescription

// The architecture in one page: one target per stage of the data's path, and every allowed arrow between them.
// The build checks the arrows: swift build --explicit-target-dependency-import-check error

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Backtraces keep their lines; the description of every variable, which none of them shows, takes time to write.
    // For the frontend, since the build system's own -g comes after the compiler's other flags and would win.
    .unsafeFlags(["-Xfrontend", "-gline-tables-only"], .when(configuration: .release)),
]

// What runs once a command is built unoptimised: its optimisation took three quarters of its build time.
let quickToBuild = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

// Its tests count billions of steps, which unoptimised would take hours.
let quickToRun = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

func stage(_ name: String, _ dependencies: [Target.Dependency] = [], swiftSettings: [SwiftSetting] = strict) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "ttft",
    products: [.executable(name: "ttft", targets: ["ttft"])],
    dependencies: [
        // Parses the command line, writes help and shell completions; builds in about 8 s.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Reads YAML with line and column marks, which every scenario error needs; builds in about 10 s.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        .target(name: "CTransport", dependencies: ["CCurl"]),
        // SHA-256 and HMAC for AWS signatures, from the libcrypto that libcurl loads anyway: found at run time, so that
        // nothing more has to be installed or built.
        .target(name: "CCrypto"),
        // Linux's epoll, which Swift's Glibc module leaves out: headers only, nothing is linked.
        .systemLibrary(name: "CEpoll"),

        stage("Timeline"),
        stage("Statistics", swiftSettings: quickToRun),
        stage(
            "Scenarios", ["Timeline", .product(name: "Yams", package: "Yams")], swiftSettings: quickToBuild),
        stage("Wire", ["Timeline", "CCrypto"]),
        stage("Transport", ["Timeline", "CCurl", "CTransport"]),
        stage("Runner", ["Timeline", "Scenarios", "Wire", "Transport"]),
        stage("Store", ["Timeline", "CSQLite"]),
        stage("Metrics", ["Timeline", "Statistics"]),
        stage("Report", ["Timeline", "Metrics"], swiftSettings: quickToBuild),
        stage("Exchange", ["Timeline"]),
        stage("Simulator", ["Timeline", "CEpoll"]),
        .executableTarget(
            name: "ttft",
            dependencies: [
                "Timeline", "Scenarios", "Wire", "Transport", "Runner", "Store", "Statistics", "Metrics", "Report",
                "Exchange", "Simulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: quickToBuild),

        // Timed beside references by Tests/Reference/stages.py; nothing that is shipped needs it.
        .executableTarget(
            name: "stage-benchmarks", dependencies: ["Timeline", "Wire", "Store", "Statistics"],
            path: "Tests/StageBenchmarks", swiftSettings: strict),
        .target(name: "TestSupport", dependencies: ["Timeline"], path: "Tests/TestSupport", swiftSettings: strict),
        tests(of: "Timeline", ["Timeline"]),
        tests(of: "Statistics", ["Statistics", "Timeline"]),
        tests(of: "Scenarios", ["Scenarios", "Timeline"]),
        tests(of: "Wire", ["Wire", "Timeline", "TestSupport"], resources: [.copy("Fixtures")]),
        tests(of: "Transport", ["Transport", "Timeline", "CCurl", "CTransport", "Simulator"]),
        tests(of: "Runner", ["Runner", "Timeline", "Scenarios", "Wire", "Transport", "Simulator"]),
        tests(of: "Store", ["Store", "Timeline", "TestSupport"]),
        tests(of: "Metrics", ["Metrics", "Timeline", "Statistics", "TestSupport"]),
        tests(of: "Report", ["Report", "Timeline", "Metrics", "TestSupport"], resources: [.copy("Golden")]),
        tests(of: "Exchange", ["Exchange", "Timeline", "TestSupport"]),
        tests(
            of: "Simulator", ["Simulator", "Timeline", "TestSupport"],
            resources: [.copy("sdk_streams.py"), .copy("sdk_dialects.py"), .copy("sdk_whole_answers.py")]),
        tests(
            of: "Command",
            ["ttft", "Timeline", "Scenarios", "Transport", "Runner", "Metrics", "Report", "TestSupport"],
            resources: [
                .copy("hostile_server.py"), .copy("browser.py"), .copy("page_checks.py"), .copy("terminal_checks.py"),
                .copy("serve_checks.py"), .copy("relay_server.py"), .copy("slow_to_let_go.py"), .copy("OtherTools"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
