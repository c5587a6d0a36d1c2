import Foundation
import Report
import Testing
import Timeline
import Transport

@testable import ttft

@Suite("Doctor")
struct DoctorTests {
    /// A made-up machine: files of `/proc` and `/sys` by their paths.
    private func described(_ files: [String: String]) throws -> MachineFacts.Described {
        let folder = try TemporaryFolder()
        for (path, text) in files {
            let file = folder.url.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return MachineFacts.Described(SystemFiles(root: folder.url.path))
    }

    /// A machine of which nothing is bad.
    private static let good = MachineFacts(
        described: MachineFacts.Described(clockSource: "tsc", governors: ["performance"], load: 0.1),
        clockResolution: Nanoseconds(1), clockCost: Nanoseconds(25), timerSlack: Nanoseconds(1),
        stamps: StampSelfTest.Verdict(source: .kernel, reason: nil),
        transferLibrary: TransferLibrary(
            version: "7.88.1", tls: "OpenSSL/3.0.15", hasHTTP2: true, looksUpAsynchronously: true),
        databaseVersion: "3.40.1", isDatabaseUsable: true, descriptorLimit: 20_000, cores: 4,
        wallClock: SystemClock.Synchronization(isSynchronized: true, maximumError: .milliseconds(3)))

    private static func finding(
        _ check: String, in facts: MachineFacts = good, _ demand: MachineDemand? = nil
    ) throws -> DoctorReport.Finding {
        try #require(MachineExamination(facts: facts, demand: demand).findings.first { $0.check == check })
    }

    private static func good(_ change: (inout MachineFacts) -> Void) -> MachineFacts {
        var facts = good
        change(&facts)
        return facts
    }

    @Test func `the kernel's files of a workstation are understood`() throws {
        let facts = try described([
            "sys/devices/system/clocksource/clocksource0/current_clocksource": "hpet\n",
            "sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc hpet acpi_pm \n",
            "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
            "sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "performance\n",
            "sys/devices/system/cpu/cpufreq/scaling_governor": "not a core\n",
            "proc/loadavg": "3.25 2.00 1.00 2/345 6789\n",
            "proc/cpuinfo": "processor\t: 0\nmodel name\t: Fast\nflags\t\t: fpu vme tsc\n",
            "sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
            "proc/stat": "cpu  100 0 100 700 50 0 0 50 0 0\ncpu0 1 2 3\n",
            "sys/fs/cgroup/cpu.max": "150000 100000\n",
        ])
        #expect(
            facts
                == MachineFacts.Described(
                    clockSource: "hpet", availableClockSources: ["tsc", "hpet", "acpi_pm"],
                    governors: ["powersave", "performance"], load: 3.25, hypervisor: nil, stolenShare: 0.05,
                    coreQuota: 1.5))
    }

    @Test func `a machine without any of these files is described by nothing`() throws {
        #expect(try described([:]) == MachineFacts.Described())
    }

    @Test(arguments: [
        (["proc/cpuinfo": "flags\t\t: fpu hypervisor tsc\n", "sys/class/dmi/id/sys_vendor": "QEMU\n"], "QEMU"),
        (["proc/cpuinfo": "flags\t\t: fpu hypervisor\n"], "of an unknown kind"),
        (
            ["sys/class/dmi/id/sys_vendor": "Amazon EC2\n", "sys/class/dmi/id/product_name": "m7g.large\n"],
            "Amazon EC2 m7g.large"
        ),
        (
            [
                "sys/class/dmi/id/sys_vendor": "Microsoft Corporation",
                "sys/class/dmi/id/product_name": "Virtual Machine",
            ],
            "Microsoft Corporation Virtual Machine"
        ),
        (["sys/class/dmi/id/sys_vendor": "Microsoft Corporation", "sys/class/dmi/id/product_name": "Surface"], nil),
        (["sys/hypervisor/type": "xen\n"], "xen"),
        (["sys/fs/cgroup/cpu.max": "max 100000\n"], nil),
    ])
    func `a virtual machine is told by its processor or its firmware`(files: [String: String], name: String?) throws {
        let facts = try described(files)
        #expect(facts.hypervisor == name)
        #expect(facts.coreQuota == nil)
    }

    @Test func `a good machine has no remedy`() {
        let findings = MachineExamination(facts: Self.good).findings
        #expect(findings.allSatisfy { $0.verdict == .ok && $0.remedy == nil }, "\(findings)")
        #expect(DoctorReport(findings).isFit)
        #expect(DoctorReport(findings).text().hasSuffix("\n\nfit to measure\n"))
    }

    /// A change of the good machine, and what is to be said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var check: String
        var verdict: DoctorReport.Verdict
        /// Stands in what was found, or in the remedy.
        var word: String
        var demand: MachineDemand?
        var change: @Sendable (inout MachineFacts) -> Void

        var testDescription: String { "\(check): \(word)" }
    }

    private static let cases: [Case] = [
        Case(check: "clock", verdict: .unfit, word: "high-resolution") { $0.clockResolution = .milliseconds(4) },
        Case(check: "clock", verdict: .note, word: "echo tsc") {
            $0.described.clockSource = "hpet"
            $0.described.availableClockSources = ["hpet", "tsc"]
            $0.clockCost = Nanoseconds(1800)
        },
        Case(check: "timer slack", verdict: .note, word: "50 µs") { $0.timerSlack = Nanoseconds(50_000) },
        Case(check: "kernel stamps", verdict: .note, word: "no stamps here") {
            $0.stamps = StampSelfTest.Verdict(source: .read, reason: "no stamps here")
        },
        Case(
            check: "libcurl", verdict: .unfit, word: "no TLS",
            demand: MachineDemand(scenario: "s", streams: 1, needsTLS: true)
        ) { $0.transferLibrary.tls = nil },
        Case(
            check: "libcurl", verdict: .unfit, word: "no HTTP/2",
            demand: MachineDemand(scenario: "s", streams: 1, needsHTTP2: true)
        ) { $0.transferLibrary.hasHTTP2 = false },
        Case(check: "libcurl", verdict: .note, word: "no HTTP/2") { $0.transferLibrary.hasHTTP2 = false },
        Case(check: "libcurl", verdict: .note, word: "look-ups") { $0.transferLibrary.looksUpAsynchronously = false },
        Case(check: "SQLite", verdict: .unfit, word: "3.37.0") {
            $0.databaseVersion = "3.31.1"
            $0.isDatabaseUsable = false
        },
        Case(
            check: "descriptors", verdict: .unfit, word: "at least 5064",
            demand: MachineDemand(scenario: "s", streams: 5000)
        ) { $0.descriptorLimit = 4096 },
        Case(
            check: "descriptors", verdict: .ok, word: "the scenario has 4032",
            demand: MachineDemand(scenario: "s", streams: 4032)
        ) { $0.descriptorLimit = 4096 },
        Case(check: "descriptors", verdict: .note, word: "192 streams") { $0.descriptorLimit = 256 },
        Case(check: "CPU governor", verdict: .note, word: "cpupower") { $0.described.governors = ["powersave"] },
        Case(check: "CPU governor", verdict: .ok, word: "unknown") {
            $0.described.governors = ["powersave"]
            $0.described.hypervisor = "KVM"
        },
        Case(check: "CPU governor", verdict: .ok, word: "unknown") { $0.described.governors = [] },
        Case(check: "cores", verdict: .note, word: "1") { $0.cores = 1 },
        Case(check: "cores", verdict: .note, word: "1.50 at a time") { $0.described.coreQuota = 1.5 },
        Case(check: "load", verdict: .note, word: "2.10") { $0.described.load = 2.1 },
        Case(check: "virtualisation", verdict: .ok, word: "KVM") { $0.described.hypervisor = "KVM" },
        Case(check: "virtualisation", verdict: .note, word: "4.00 %") {
            $0.described.hypervisor = "KVM"
            $0.described.stolenShare = 0.04
        },
        Case(check: "wall clock", verdict: .note, word: "chronyd") { $0.wallClock?.isSynchronized = false },
        Case(check: "wall clock", verdict: .note, word: "unknown") { $0.wallClock = nil },
    ]

    @Test(arguments: cases)
    func `what is odd of a machine is named, with what to do`(_ odd: Case) throws {
        let facts = Self.good(odd.change)
        let finding = try Self.finding(odd.check, in: facts, odd.demand)
        #expect(finding.verdict == odd.verdict, "\(finding)")
        #expect("\(finding.found) \(finding.remedy ?? "")".contains(odd.word), "\(finding)")
        let report = DoctorReport(MachineExamination(facts: facts, demand: odd.demand).findings)
        #expect(report.isFit == (odd.verdict != .unfit))
    }

    @Test func `every check speaks of this machine, in text and as JSON`() throws {
        let text = try Tool.run("doctor")
        let json = try Tool.run("doctor", "--json")
        #expect(text.status == json.status && [0, 1].contains(text.status), "\(text.errors)")
        let value = try JSONValue(parsing: json.output)
        let checks = try #require(value["checks"]?.arrayValue)
        #expect(value["fit"] == .bool(json.status == 0))
        #expect(checks.count == 11)
        for name in checks.compactMap({ $0["name"]?.stringValue }) {
            #expect(text.output.contains("\n\(name) ") || text.output.hasPrefix("\(name) "), "\(name)")
        }
    }

    @Test func `a scenario that asks for more streams than there can be descriptors is refused with 1`() throws {
        let arguments = ["doctor", "Scenarios/quickstart.yaml", "--set", "load.closed.concurrency=100000"]
        let result = try Tool.run(executable: Tool.path, arguments)
        #expect(result.status == 1)
        #expect(result.output.contains("the scenario has 100000"), "\(result.output)\(result.errors)")
        #expect(result.output.contains("unfit for quickstart"))
        let small = try Tool.run("doctor", "Scenarios/quickstart.yaml")
        #expect(small.output.contains("the scenario has 4\n"), "\(small.output)")
    }

    @Test func `a scenario that does not exist is told before anything is looked at`() throws {
        let result = try Tool.run("doctor", "nowhere.yaml")
        #expect(result.status == 66)
        #expect(result.output.isEmpty)
    }
}
