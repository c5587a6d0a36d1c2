import ArgumentParser

@main
struct TTFT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ttft", abstract: "Measure streaming LLM APIs.")
}
