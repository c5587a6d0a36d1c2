import ArgumentParser
import Glibc
import Report

/// Where runs are kept.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The SQLite file with the runs (default: $TTFT_DB, else ttft.sqlite in this folder).", valueName: "file"))
    var path: String?

    var resolved: String { path ?? Environment.variable("TTFT_DB") ?? "ttft.sqlite" }

    /// What a recommended command needs in order to find the same file.
    var argument: String { path.map { " --db \($0)" } ?? "" }
}

/// In which form results are printed, and where to.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("One of \(ReportFormat.list).", valueName: "format"))
    var format: ReportFormat?

    @Flag(help: "Print JSON; the same as --format json.")
    var json = false

    @Flag(help: "Print every metric and statistic, the environment and all outcomes.")
    var full = false

    @Option(help: ArgumentHelp("auto, always or never; NO_COLOR is honoured.", valueName: "when"))
    var color: ColorChoice = .auto

    var resolvedFormat: ReportFormat { format ?? (json ? .json : .table) }

    /// Refuses a page where only figures are at hand; `remedy` is the command that makes one.
    func refusePages(_ remedy: String) throws {
        if resolvedFormat == .html {
            throw ValidationError("a page is made of stored runs, with the command: \(remedy)")
        }
    }

    var tableOptions: TableReport.Options {
        TableReport.Options(
            color: color.isOn, width: Terminal.width, isFull: full, unicode: Environment.hasUnicode)
    }
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    var isOn: Bool { isOn(isTerminal: Output.isResultTerminal) }

    /// Whether to paint what goes to a terminal, or to something else.
    func isOn(isTerminal: Bool) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            (Environment.variable("NO_COLOR") ?? "").isEmpty && Environment.variable("TERM") != "dumb"
                && (isTerminal || Environment.variable("CLICOLOR_FORCE").map { $0 != "0" } ?? false)
        }
    }
}

extension ReportFormat: ExpressibleByArgument {
    public init?(argument: String) { self.init(parsing: argument) }
}

enum Terminal {
    /// The width of the terminal behind standard output, between 60 and 120; 100 where there is none.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return min(120, max(60, Int(size.ws_col)))
    }

    /// The size of a terminal; what does not tell it is taken for 80 by 24.
    static func size(of descriptor: Int32) -> (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}

enum Environment {
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// All variables of the process.
    static var all: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let line = entry.pointee {
            let parts = String(cString: line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }

    /// Whether the locale's text is UTF-8, so that more than ASCII can be printed.
    static var hasUnicode: Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty } ?? "C.UTF-8"
        return locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
    }
}
