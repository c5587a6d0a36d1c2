import ArgumentParser
import Report
import Store
import Timeline

/// `ttft runs`: what is in the database.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List, tag and delete stored runs.",
        subcommands: [List.self, Tag.self, Untag.self, Delete.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List runs, the newest first.")

        @OptionGroup var database: DatabaseOption

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            try Failure.reporting {
                let rows = try RunReader(path: database.resolved).runs().map { overview in
                    RunsListReport.Row(
                        run: overview.run, requests: overview.requests, attempts: overview.attempts,
                        complete: overview.complete)
                }
                let report = RunsListReport(rows: rows)
                let options = TableReport.Options(width: Terminal.width, unicode: Environment.hasUnicode)
                Output.result(json ? report.json : report.table(options: options))
            }
        }
    }

    struct Tag: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a run a name of its own.")

        @Argument(help: "An id, a unique prefix of one, or a tag.") var name: String
        @Argument(help: "The tag; one that another run has moves to this one.") var tag: String
        @OptionGroup var database: DatabaseOption

        func run() throws {
            try Failure.reporting {
                let reader = try RunReader(path: database.resolved)
                let found = try reader.run(matching: name)
                let before = try reader.tag(found, tag)
                let moved = before.isEmpty ? "" : ", and \(before.joined(separator: " and ")) no longer is"
                Output.note("\(found.id) is now '\(tag)'\(moved)")
            }
        }
    }

    struct Untag: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a run's tag away.")

        @Argument(help: "An id, a unique prefix of one, or a tag.") var name: String
        @Argument var tag: String
        @OptionGroup var database: DatabaseOption

        func run() throws {
            try Failure.reporting {
                let reader = try RunReader(path: database.resolved)
                try reader.untag(try reader.run(matching: name), tag)
            }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a run and its requests, for good.")

        @Argument(help: "An id, or a unique prefix of one.") var name: String
        @OptionGroup var database: DatabaseOption

        func run() throws {
            try Failure.reporting {
                let reader = try RunReader(path: database.resolved)
                let found = try reader.run(matching: name)
                try reader.delete(found)
                Output.note("deleted \(found.id) (\(found.scenarioName))")
            }
        }
    }
}
