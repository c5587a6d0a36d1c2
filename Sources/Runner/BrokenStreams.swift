import Timeline
import Transport
import Wire

/// The streams that broke off and have not come to their end, by the indices of their requests.
struct BrokenStreams {
    private let assemblies: [StreamAssembly]
    private var streams: [Int: ReceivedStream] = [:]

    init(assemblies: [StreamAssembly]) { self.assemblies = assemblies }

    /// Takes an ended transfer, and gives either the record of its stream or how that is to go on.
    mutating func take(_ transfer: Transfer) -> (record: StreamRecord?, next: NextConnection?) {
        let assembly = assemblies[transfer.request.plan.targetIndex]
        let index = transfer.request.plan.index
        var stream: ReceivedStream
        if let known = streams.removeValue(forKey: index) {
            stream = known
            stream.goOn(transfer, assembly: assembly)
        } else {
            stream = ReceivedStream(transfer, assembly: assembly)
        }
        guard let next = stream.next else { return (assembly.record(of: &stream), nil) }
        stream.breakOff(before: next)
        streams[index] = stream
        return (nil, next)
    }

    /// A decoder that goes on where a request's stream broke off; nil where none did.
    func beginning(of request: PlannedRequest) -> StreamDecoder? { streams[request.index]?.resumedDecoder }

    /// The records of the streams that nobody asked for again before the run ended, in the order of their requests.
    mutating func takeAll() -> [StreamRecord] {
        let left = streams.sorted { $0.key < $1.key }.map(\.value)
        streams.removeAll()
        return left.map { stream in
            var stream = stream
            return assemblies[stream.transfers[0].request.plan.targetIndex].record(of: &stream)
        }
    }
}
