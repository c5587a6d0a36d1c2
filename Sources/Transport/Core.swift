import CTransport
import Glibc

/// The machine's cores, as far as threads can be kept on them.
package enum Core {
    /// The cores that this process may use.
    package static var usableCount: Int { Int(ct_usable_cores()) }

    /// Keeps this process on the last core, so that the others are left to the process that measures.
    package static func stayOnLast() {
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        if count > 1 { _ = ct_stay_on_core(Int32(count - 1)) }
    }
}
