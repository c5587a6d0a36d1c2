import Dispatch
import Metrics
import Timeline

/// Computes the metrics of a run's records on a second thread, while the first one reads and unpacks the next ones.
final class SampleCollector: @unchecked Sendable {
    // Invariant: the samples are used on the queue alone until `finish` has waited for it; the batch by the reader alone.
    private var samples: RunSamples
    private var batch: [StreamRecord] = []
    private let queue = DispatchQueue(label: "metrics of a run")
    /// So many batches wait at most, that memory does not grow where computing is slower than reading.
    private let room = DispatchSemaphore(value: 4)

    private static let batchSize = 32

    init(_ samples: RunSamples) { self.samples = samples }

    func add(_ record: StreamRecord) {
        batch.append(record)
        if batch.count == Self.batchSize { send() }
    }

    private func send() {
        room.wait()
        let records = batch
        batch.removeAll(keepingCapacity: true)
        queue.async { [self] in
            for record in records { samples.add(record) }
            room.signal()
        }
    }

    /// The samples of all records, in the order in which they were added.
    func finish() -> RunSamples {
        send()
        return queue.sync { samples }
    }
}
