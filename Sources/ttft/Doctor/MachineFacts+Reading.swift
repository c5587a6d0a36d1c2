import Glibc
import Store
import Timeline
import Transport

extension MachineFacts {
    /// Looks at this machine; takes a few milliseconds.
    static func read(_ files: SystemFiles = SystemFiles()) -> MachineFacts {
        MachineFacts(
            described: Described(files), clockResolution: MonotonicClock.resolution(), clockCost: clockCost(),
            timerSlack: SystemClock.smallestTimerSlack(), stamps: StampSelfTest.run(),
            transferLibrary: .current, databaseVersion: DatabaseLibrary.version,
            isDatabaseUsable: DatabaseLibrary.isUsable, descriptorLimit: descriptorLimit(), cores: Core.usableCount,
            wallClock: SystemClock.synchronization())
    }

    /// The least that a reading took in groups of so many, so that an interruption does not count.
    private static func clockCost() -> Nanoseconds {
        let readings = 100
        let costs = (0..<20).map { _ in
            let start = MonotonicClock.now()
            for _ in 1..<readings { _ = MonotonicClock.now() }
            return MonotonicClock.now() - start
        }
        return Nanoseconds((costs.min()?.count ?? 0) / Int64(readings))
    }

    private static func descriptorLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(min(limit.rlim_max, rlim_t(DescriptorLimit.most)))
    }
}

extension MachineFacts.Described {
    init(_ files: SystemFiles) {
        let clock = "/sys/devices/system/clocksource/clocksource0"
        clockSource = files.text("\(clock)/current_clocksource")
        availableClockSources =
            files.text("\(clock)/available_clocksource")?.split(separator: " ").map(String.init) ?? []
        let cores = files.names(in: "/sys/devices/system/cpu").filter { name in
            name.hasPrefix("cpu") && name.count > 3 && name.dropFirst(3).allSatisfy(\.isNumber)
        }
        governors = Set(cores.compactMap { files.text("/sys/devices/system/cpu/\($0)/cpufreq/scaling_governor") })
        load = files.text("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
        hypervisor = Self.hypervisor(files)
        stolenShare = Self.stolenShare(files)
        coreQuota = Self.coreQuota(files)
    }

    private static let virtualVendors = [
        "QEMU", "KVM", "VMware", "VirtualBox", "innotek", "Xen", "Amazon EC2", "Google", "Microsoft", "OpenStack",
        "Parallels", "Bochs", "BHYVE", "DigitalOcean", "Hetzner", "Alibaba",
    ]

    private static func hypervisor(_ files: SystemFiles) -> String? {
        let names = ["sys_vendor", "product_name"].compactMap { files.text("/sys/class/dmi/id/\($0)") }
        let name = names.filter { !$0.isEmpty }.joined(separator: " ")
        if let type = files.text("/sys/hypervisor/type"), !type.isEmpty { return type }
        if files.words(of: "flags", in: "/proc/cpuinfo").contains("hypervisor") {
            return name.isEmpty ? "of an unknown kind" : name
        }
        // Processors without that flag, such as ARM's, leave the firmware's word. Some makers sell both kinds of machine.
        let makers = ["Google", "Microsoft"]
        let isVirtual = virtualVendors.contains { vendor in
            name.contains(vendor) && (!makers.contains(vendor) || name.contains("Virtual") || name.contains("Compute"))
        }
        return isVirtual ? name : nil
    }

    /// Of the line `cpu  user nice system idle iowait irq softirq steal guest guest_nice` of `/proc/stat`.
    private static func stolenShare(_ files: SystemFiles) -> Double? {
        guard let line = files.text("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("cpu ") })
        else { return nil }
        // What guests of this machine used is counted in user and nice already.
        let times = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        let total = times.reduce(0, +)
        return times.count == 8 && total > 0 ? times[7] / total : nil
    }

    /// Of `quota period` in microseconds, where `max` is no quota.
    private static func coreQuota(_ files: SystemFiles) -> Double? {
        let numbers = files.text("/sys/fs/cgroup/cpu.max")?.split(separator: " ").compactMap { Double($0) } ?? []
        return numbers.count == 2 && numbers[1] > 0 ? numbers[0] / numbers[1] : nil
    }
}
