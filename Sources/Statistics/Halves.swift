import Dispatch
import Synchronization

/// Two parts of one computation, done beside each other where there are two cores.
package struct Halves<Result: Sendable>: Sendable {
    package let first: Result
    package let second: Result
}

extension Halves {
    /// Computes the parts numbered 0 and 1, which must not depend on each other.
    package static func compute(_ part: @Sendable (Int) -> Result) -> Halves {
        let other = Mutex<Result?>(nil)
        var mine: Result?
        withoutActuallyEscaping(part) { part in
            let group = DispatchGroup()
            DispatchQueue.global().async(group: group) { other.withLock { $0 = part(1) } }
            mine = part(0)
            group.wait()
        }
        let second = other.withLock { $0 }
        return Halves(first: mine ?? part(0), second: second ?? part(1))
    }
}
