import Glibc
import Synchronization
import Transport

/// What a request is answered with.
enum WebAnswer {
    case whole(WebResponse)
    /// Sends its own head and then what there is, until it returns.
    case stream((WebConnection) -> Void)
}

/// A small HTTP/1.1 server that shows things: a thread and a request for each connection, and a bounded number of them.
///
/// It shares no code with the simulator, which must be able to send what no server should.
final class WebServer: Sendable {
    private static let connectionLimit = 64

    let address: WebAddress
    private let descriptor: Int32
    private let gatekeeper: Gatekeeper
    private let answer: @Sendable (WebRequest) throws -> WebAnswer
    private let connectionCount = Atomic<Int>(0)

    /// Listens on an address; `answer` is asked once the gatekeeper lets a request in.
    init(
        _ address: WebAddress, gatekeeper: Gatekeeper, answer: @escaping @Sendable (WebRequest) throws -> WebAnswer
    ) throws {
        let opened = try address.listen()
        (descriptor, self.address) = (opened.descriptor, opened.address)
        self.gatekeeper = gatekeeper
        self.answer = answer
    }

    /// Accepts clients from now on, for as long as the process lives.
    func start() throws {
        guard QuietThread.detach({ self.acceptClients() }) else {
            throw Complaint("the system gives no thread to serve on", ExitStatus.failure)
        }
    }

    private func acceptClients() {
        while true {
            let client = accept(descriptor, nil, nil)
            guard client >= 0 else {
                // Out of descriptors, most likely: others will be given back.
                usleep(10_000)
                continue
            }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            let isFull = connectionCount.wrappingAdd(1, ordering: .relaxed).newValue > Self.connectionLimit
            let isStarted = QuietThread.detach {
                let connection = WebConnection(client)
                if isFull {
                    _ = connection.send(WebResponse.problem(503, "too many connections").text(for: .get))
                } else {
                    self.serve(connection)
                }
                connection.finish()
                self.connectionCount.wrappingSubtract(1, ordering: .relaxed)
            }
            if !isStarted {
                close(client)
                connectionCount.wrappingSubtract(1, ordering: .relaxed)
            }
        }
    }

    private func serve(_ connection: WebConnection) {
        var method = WebRequest.Method.get
        do {
            guard let head = try connection.readHead() else { return }
            let request = try WebRequest(head: head)
            method = request.method
            try gatekeeper.check(request)
            switch try answer(request) {
            case .whole(let response): _ = connection.send(response.text(for: method))
            case .stream(let body): body(connection)
            }
        } catch let response as WebResponse {
            _ = connection.send(response.text(for: method))
        } catch {
            _ = connection.send(WebResponse.problem(500, Output.harmless("\(error)")).text(for: method))
        }
    }
}
