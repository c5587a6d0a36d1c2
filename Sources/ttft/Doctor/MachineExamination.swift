import Report
import Store
import Timeline
import Transport

/// What a scenario asks of a machine.
struct MachineDemand: Equatable {
    var scenario: String
    /// Streams at a time; nil where requests come at a rate, and their number depends on the server.
    var streams: Int?
    var needsTLS = false
    var needsHTTP2 = false
}

/// Judges what a machine is by what measuring takes.
struct MachineExamination {
    let facts: MachineFacts
    var demand: MachineDemand?

    var findings: [DoctorReport.Finding] {
        [
            clock, timer, stamps, transfers, database, descriptors, governor, cores, load, virtualisation, wallClock,
        ]
    }

    /// Descriptors beside those of streams: files, the database, the library's own.
    private static let ownDescriptors = 64

    private var clock: DoctorReport.Finding {
        let source = facts.described.clockSource ?? "unknown source"
        let cost = facts.clockCost.count
        let found = "\(source), resolution \(text(facts.clockResolution)), a reading takes \(cost) ns"
        if facts.clockResolution > .milliseconds(0.1) {
            return finding(
                "clock", .unfit, found,
                "no figure can be finer than the clock: use a kernel with high-resolution timers")
        }
        guard cost > 500 else { return finding("clock", .ok, found) }
        let faster = facts.described.availableClockSources.first {
            ["tsc", "kvm-clock", "arch_sys_counter"].contains($0)
        }
        let remedy = faster.map { "echo \($0) > /sys/devices/system/clocksource/clocksource0/current_clocksource" }
        return finding("clock", .note, found, remedy ?? "expect a higher CPU cost per event")
    }

    private var timer: DoctorReport.Finding {
        guard let slack = facts.timerSlack else { return finding("timer slack", .note, "unknown") }
        let found = "the measuring thread gets \(text(slack))"
        if slack > .milliseconds(0.01) {
            return finding("timer slack", .note, found, "open-loop requests may start so late; look at queue_delay")
        }
        return finding("timer slack", .ok, found)
    }

    private var stamps: DoctorReport.Finding {
        guard facts.stamps.source == .read else {
            return finding("kernel stamps", .ok, "every arrival is stamped by the kernel")
        }
        return finding(
            "kernel stamps", .note, "none: \(facts.stamps.reason ?? "unknown")",
            "arrivals count when they are read: keep the machine idle, and heed the accuracy line")
    }

    private var transfers: DoctorReport.Finding {
        let library = facts.transferLibrary
        let parts = [
            library.version, library.tls ?? "no TLS", library.hasHTTP2 ? "HTTP/2" : "no HTTP/2",
            library.looksUpAsynchronously ? "asynchronous look-ups" : "blocking look-ups",
        ]
        let found = parts.joined(separator: ", ")
        let isLacking =
            (library.tls == nil && demand?.needsTLS == true) || (!library.hasHTTP2 && demand?.needsHTTP2 == true)
        if isLacking { return finding("libcurl", .unfit, found, "install the distribution's full libcurl4") }
        if !library.looksUpAsynchronously {
            return finding("libcurl", .note, found, "name look-ups stop all streams: write addresses into base_url")
        }
        return finding("libcurl", library.tls == nil || !library.hasHTTP2 ? .note : .ok, found)
    }

    private var database: DoctorReport.Finding {
        guard !facts.isDatabaseUsable else { return finding("SQLite", .ok, facts.databaseVersion) }
        return finding(
            "SQLite", .unfit, facts.databaseVersion,
            "runs need \(DatabaseLibrary.oldestUsable) or later: update libsqlite3")
    }

    private var descriptors: DoctorReport.Finding {
        let most = max(0, facts.descriptorLimit - Self.ownDescriptors)
        let remedy = "ulimit -Hn, or LimitNOFILE= of the service"
        guard let demand else {
            let found = "enough for \(most) streams"
            return finding("descriptors", most < 1000 ? .note : .ok, found, most < 1000 ? "raise \(remedy)" : nil)
        }
        guard let streams = demand.streams else {
            return finding(
                "descriptors", .ok, "enough for \(most) streams; an open loop has as many as the server lets wait")
        }
        let found = "enough for \(most) streams; the scenario has \(streams)"
        return finding(
            "descriptors", most < streams ? .unfit : .ok, found,
            most < streams ? "raise \(remedy) to at least \(streams + Self.ownDescriptors)" : nil)
    }

    private var governor: DoctorReport.Finding {
        let governors = facts.described.governors
        // Who runs a virtual machine decides on its clock rate, and does not say.
        guard facts.described.hypervisor == nil, !governors.isEmpty else {
            return finding("CPU governor", .ok, "unknown")
        }
        let found = governors.sorted().joined(separator: ", ")
        guard governors != ["performance"] else { return finding("CPU governor", .ok, found) }
        return finding(
            "CPU governor", .note, found,
            "cores that slow down answer late: cpupower frequency-set --governor performance")
    }

    private var cores: DoctorReport.Finding {
        let quota = facts.described.coreQuota
        let found =
            "\(facts.cores)" + (quota.map { ", of which the control group allows \(decimal($0)) at a time" } ?? "")
        if let quota, quota < Double(facts.cores) {
            return finding(
                "cores", .note, found, "a group that has used its share is stopped for milliseconds: lift cpu.max")
        }
        guard facts.cores > 1 else {
            return finding("cores", .note, found, "a server on this machine takes its time from what measures it")
        }
        return finding("cores", .ok, found)
    }

    private var load: DoctorReport.Finding {
        guard let load = facts.described.load else { return finding("load", .note, "unknown") }
        let found = "\(decimal(load)) on average over a minute"
        let isBusy = load > 0.5 * Double(facts.cores)
        return finding(
            "load", isBusy ? .note : .ok, found, isBusy ? "end what else runs, or heed the accuracy line" : nil)
    }

    private var virtualisation: DoctorReport.Finding {
        guard let hypervisor = facts.described.hypervisor else { return finding("virtualisation", .ok, "none") }
        let stolen = facts.described.stolenShare
        let found =
            "a virtual machine, \(hypervisor)"
            + (stolen.map { "; \(decimal($0 * 100)) % of its time went to others" } ?? "")
        guard let stolen, stolen > 0.01 else { return finding("virtualisation", .ok, found) }
        return finding("virtualisation", .note, found, "measure on a machine that shares its processors with nobody")
    }

    private var wallClock: DoctorReport.Finding {
        guard let clock = facts.wallClock else { return finding("wall clock", .note, "unknown") }
        guard clock.isSynchronized else {
            return finding(
                "wall clock", .note, "not kept by a time server",
                "durations do not depend on it; start chronyd or systemd-timesyncd to compare dates with a server's log"
            )
        }
        return finding("wall clock", .ok, "kept by a time server, off by at most \(text(clock.maximumError))")
    }

    private func finding(
        _ check: String, _ verdict: DoctorReport.Verdict, _ found: String, _ remedy: String? = nil
    ) -> DoctorReport.Finding {
        DoctorReport.Finding(check, verdict, found, remedy: remedy)
    }

    private func text(_ length: Nanoseconds) -> String {
        length < .milliseconds(0.001)
            ? "\(length.count) ns" : NumberFormat.bound(milliseconds: length.milliseconds, micro: "µ")
    }

    private func decimal(_ number: Double) -> String { NumberFormat.significant(number) }
}
