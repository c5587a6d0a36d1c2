package import Timeline

/// Follows the slots of a llama.cpp server (`GET /slots`) from one answer to the next.
package struct LlamaSlots {
    private struct Slot {
        var task: Int?
        var decoded: Int
    }

    private var slots: [Int: Slot] = [:]
    /// The tokens seen to be made since the first answer, by all slots together.
    ///
    /// What a slot makes between the last answer and its release is never told.
    private var total = 0
    private var isFirst = true

    package init() {}

    /// Takes an answer; gives the slots at work and the tokens made so far, or nil where it is no list of slots.
    package mutating func take(_ answer: JSONValue) -> (busy: Int, decoded: Int)? {
        guard let list = answer.arrayValue, !list.isEmpty,
            list.allSatisfy({ $0["id"]?.integerValue != nil && Self.isBusy($0) != nil })
        else { return nil }
        var busy = 0
        for entry in list {
            guard let identifier = entry["id"]?.integerValue else { continue }
            if Self.isBusy(entry) == true { busy += 1 }
            // A list since the server decodes several sequences for a slot, an object before that.
            let next = entry["next_token"]?.arrayValue?.first ?? entry["next_token"]
            let slot = Slot(task: entry["id_task"]?.integerValue, decoded: next?["n_decoded"]?.integerValue ?? 0)
            let before = slots[identifier]
            let isSame = before?.task == slot.task
            if !isFirst { total += max(0, slot.decoded - (isSame ? before?.decoded ?? 0 : 0)) }
            // A slot that is done counts from 0 again, under the number of the task that it did.
            slots[identifier] = isSame ? Slot(task: slot.task, decoded: max(slot.decoded, before?.decoded ?? 0)) : slot
        }
        isFirst = false
        return (busy, total)
    }

    /// Whether a slot is at work; nil where it does not say.
    private static func isBusy(_ slot: JSONValue) -> Bool? {
        if case .bool(let isProcessing)? = slot["is_processing"] { return isProcessing }
        // Servers before the end of 2024 have a number in its place, of which 0 is idle.
        return slot["state"]?.integerValue.map { $0 != 0 }
    }
}
