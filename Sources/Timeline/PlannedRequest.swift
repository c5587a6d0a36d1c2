/// Whether a request prepares the server or is measured.
package enum RequestPhase: String, Sendable, Codable, CaseIterable {
    case warmup, measured
}

/// What is asked of the model.
package struct Prompt: Sendable, Equatable, Codable {
    package struct Message: Sendable, Equatable, Codable {
        package var role: String
        package var content: String

        package init(role: String, content: String) {
            self.role = role
            self.content = content
        }
    }

    /// Names the prompt in exports; unique within a scenario.
    package var id: String
    package var messages: [Message]

    package init(id: String, messages: [Message]) {
        self.id = id
        self.messages = messages
    }

    package init(id: String, text: String) { self.init(id: id, messages: [Message(role: "user", content: text)]) }
}

/// How long the answer is to be.
package enum OutputLength: Sendable, Equatable, Codable {
    /// The model may stop earlier.
    case atMost(Int)
    /// The server is asked not to stop earlier, in whatever way its API has for that.
    case exactly(Int)

    package var tokens: Int {
        switch self {
        case .atMost(let count), .exactly(let count): count
        }
    }
}

/// The settings that every request of a scenario shares.
package struct RequestSettings: Sendable, Equatable, Codable {
    /// Nil leaves the length to the API.
    package var outputLength: OutputLength?
    /// Nil sends none, since some APIs refuse the field.
    package var temperature: Double?
    package var stream: Bool
    /// Empty offers none.
    package var tools: [ToolDefinition]
    /// Nil leaves it to the API.
    package var toolChoice: ToolChoice?
    /// Nil asks for text.
    package var answerSchema: AnswerSchema?

    package init(
        outputLength: OutputLength? = nil, temperature: Double? = nil, stream: Bool = true,
        tools: [ToolDefinition] = [], toolChoice: ToolChoice? = nil, answerSchema: AnswerSchema? = nil
    ) {
        self.outputLength = outputLength
        self.temperature = temperature
        self.stream = stream
        self.tools = tools
        self.toolChoice = toolChoice
        self.answerSchema = answerSchema
    }
}

/// One request that a plan asks for.
package struct PlannedRequest: Sendable, Equatable {
    /// Counts from 0 through the whole plan, warm-up included; the same seed gives the same request the same index.
    package var index: Int
    /// The position of the target in the plan's list.
    package var targetIndex: Int
    package var phase: RequestPhase
    package var prompt: Prompt
    /// When to send, counted from the start of the target's phase; nil in a closed loop: as soon as a place is free.
    package var due: Nanoseconds?
    /// The pair of a comparison that it belongs to, from 0; nil for all other requests.
    package var pairIndex: Int?
    /// Whether its connection is to be closed behind it, so that the next request of its target gets a new one.
    package var closesConnection: Bool
    /// When it is to be cancelled on purpose; nil is never.
    package var cancellation: CancellationPlan.Point?

    package init(
        index: Int, targetIndex: Int, phase: RequestPhase, prompt: Prompt, due: Nanoseconds? = nil,
        pairIndex: Int? = nil, closesConnection: Bool = false, cancellation: CancellationPlan.Point? = nil
    ) {
        self.index = index
        self.targetIndex = targetIndex
        self.phase = phase
        self.prompt = prompt
        self.due = due
        self.pairIndex = pairIndex
        self.closesConnection = closesConnection
        self.cancellation = cancellation
    }
}
