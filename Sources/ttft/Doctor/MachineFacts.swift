import Store
import Timeline
import Transport

/// What a machine is, as far as it matters to who measures with it; judged by `MachineExamination`.
struct MachineFacts: Equatable {
    /// What the kernel's files say.
    struct Described: Equatable {
        /// What the kernel reads the time from, such as `tsc`; nil where it does not tell.
        var clockSource: String?
        var availableClockSources: [String] = []
        /// The governors of all cores that have one; empty where no core has.
        var governors: Set<String> = []
        /// The load average of the last minute.
        var load: Double?
        /// What the machine calls itself where it is a virtual one; nil on bare metal.
        var hypervisor: String?
        /// The share of all processor time since the start that went to other guests; nil where it is not told.
        var stolenShare: Double?
        /// The cores that the control group may use at a time; nil without a limit.
        var coreQuota: Double?
    }

    var described: Described
    var clockResolution: Nanoseconds
    /// What one reading of the clock takes, at best.
    var clockCost: Nanoseconds
    var timerSlack: Nanoseconds?
    var stamps: StampSelfTest.Verdict
    var transferLibrary: TransferLibrary
    var databaseVersion: String
    var isDatabaseUsable: Bool
    /// The descriptors that a process may have at most, after it has raised its own limit.
    var descriptorLimit: Int
    /// The cores that this process may use.
    var cores: Int
    var wallClock: SystemClock.Synchronization?
}
