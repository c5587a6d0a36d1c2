import Timeline

extension ClientConnection {
    /// Answers the requests that are complete, one after the other.
    func answerRequests() {
        while !isClosed, !isBroken, player == nil, !closesAfterOutput {
            do {
                switch try parser.next(now: MonotonicClock.now()) {
                case .incomplete: return
                case .wantsContinue: send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
                case .complete(let request): answer(request)
                }
            } catch {
                refuse(error, nil, closes: true)
            }
        }
    }

    private func answer(_ request: HTTPRequest) {
        requestCount += 1
        let closes = request.closesConnection
        switch loop.library.route(method: request.method, path: request.path, query: request.query) {
        case .answer(let interface, let call): perform(request, interface, call)
        case .health: reply(200, ["status": "ok"], closes: closes)
        case .models(let target): reply(200, Self.models(target.map { [$0] } ?? loop.library.targets), closes: closes)
        case .wrongMethod(let allowed):
            var error = ServiceError.badRequest("Method \(request.method) is not allowed; use \(allowed)", status: 405)
            error.headers = [HeaderField("allow", allowed)]
            refuse(error, nil, closes: closes)
        case .unknown:
            let targets = loop.library.targets.joined(separator: ", ")
            refuse(.notFound("Nothing is served at \(request.path); the targets are \(targets)"), nil, closes: closes)
        }
    }

    private func perform(_ request: HTTPRequest, _ interface: any Interface, _ call: InterfaceCall) {
        let target = call.target
        // A request for the rest of an answer is none of its target's requests for one.
        let isForRest =
            loop.library.scripts[target]?.sendsEventIDs == true && ResumedPlace(request["last-event-id"]) != nil
        let ordinal = isForRest ? 0 : loop.library.countRequest(of: target)
        var entry = SendLogEntry(
            identifier: Self.identifier(request) ?? "\(target)-\(ordinal)", target: target, path: request.path,
            connection: number, ordinal: requestCount, clientPort: clientPort, accepted: accepted,
            headRead: request.headRead, bodyRead: request.bodyRead, ended: request.bodyRead)
        guard let script = loop.library.scripts[target] else { return }
        do {
            let body = try RequestBody(request.body)
            var generation = try interface.read(body, of: call)
            generation.answerSchema = body.answerSchema
            entry.note(generation)
            entry.lastEventID = request["last-event-id"]
            let performance = try Performance(
                of: generation, interface: interface, script: script, target: target, ordinal: ordinal,
                seed: loop.seed, request: request)
            entry.fault = performance.fault?.rawValue
            entry.toolName = performance.plan.toolName
            entry.fields = performance.structure?.fields.filter { $0.tokens <= performance.answerTokens } ?? []
            let player = StreamPlayer(performance, entry: entry, keepsText: loop.log.keepsText)
            self.player = player
            follow(player.begin(on: self))
        } catch {
            entry.status = .failed
            refuse(error, interface, closes: request.closesConnection)
            entry.ended = MonotonicClock.now()
            loop.log.append(entry)
        }
    }

    /// The client's identifier, where it can be sent back in a header and is of a sane length.
    private static func identifier(_ request: HTTPRequest) -> String? {
        guard let value = request["x-request-id"], (1...200).contains(value.utf8.count),
            value.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
        else { return nil }
        return value
    }

    private static func models(_ targets: [String]) -> JSONValue {
        let models = targets.map { target -> JSONValue in
            ["id": .string(target), "object": "model", "created": 0, "owned_by": "simulator"]
        }
        return ["object": "list", "data": .array(models)]
    }

    private func refuse(_ error: ServiceError, _ interface: (any Interface)?, closes: Bool) {
        let body = interface?.body(of: error) ?? error.openAIBody
        let headers = error.headers + (interface?.headers(of: error) ?? [])
        reply(error.status, body, headers: headers, closes: closes)
    }

    private func reply(_ status: Int, _ json: JSONValue, headers: [HeaderField] = [], closes: Bool) {
        send(HTTPResponse.whole(status, headers: headers, body: Array(json.text.utf8), closes: closes))
        if closes { closesAfterOutput = true }
        closeIfFinished()
    }
}

extension SendLogEntry {
    /// Takes over what the request asked for.
    fileprivate mutating func note(_ generation: GenerationRequest) {
        model = generation.model
        isStream = generation.streams
        askedTokens = generation.tokenCap
        promptCharacters = generation.promptCharacters
        promptTokens = generation.promptTokens
    }
}
