import ArgumentParser
import Metrics

@main
struct TTFT: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ttft",
        abstract: "Measure the latency of streaming LLM APIs, and say how far each number can be trusted.",
        discussion: """
            EXAMPLES:
              ttft run Scenarios/quickstart.yaml            a scenario against the embedded simulator
              ttft run http://127.0.0.1:8000 -c 8 -n 200    an OpenAI-compatible server, no file needed
              ttft export latest --output results           CSV files for pandas, DuckDB or a spreadsheet
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Verbs",
                subcommands: [
                    RunCommand.self, CompareCommand.self, ABCommand.self, CheckCommand.self, ReportCommand.self,
                    ExportCommand.self, ImportCommand.self, RunsCommand.self,
                ]),
            CommandGroup(
                name: "Look closely",
                subcommands: [ProbeCommand.self, ShowCommand.self, DecodeCommand.self]),
            CommandGroup(
                name: "More",
                subcommands: [
                    BaselineCommand.self, CalibrateCommand.self, DoctorCommand.self, ExplainCommand.self,
                    ServeCommand.self, SimulateCommand.self,
                ]),
        ])
}
