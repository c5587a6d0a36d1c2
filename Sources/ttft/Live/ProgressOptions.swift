import ArgumentParser
import Glibc

/// What a run tells on standard error while it goes on.
struct ProgressOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "auto (live on a terminal), live, plain (a line every 5 s), json (an object every second) or none: what "
                + "standard error gets meanwhile.", valueName: "form"))
    var progress: ProgressForm = .auto

    @Flag(name: .shortAndLong, help: "No progress on standard error; the same as --progress none.")
    var quiet = false

    func validate() throws {
        if progress == .live, !quiet, !ProgressForm.hasScreen {
            throw ValidationError("--progress live needs a terminal on standard error; use plain or json")
        }
    }

    /// The form with `auto` decided.
    var resolved: ProgressForm { quiet ? .none : progress == .auto ? .automatic : progress }
}

/// `--progress`.
enum ProgressForm: String, ExpressibleByArgument, CaseIterable {
    case auto, live, plain, json, none

    /// Whether there is a terminal whose lines can be drawn anew.
    static var hasScreen: Bool { Output.isNoteTerminal && !["", "dumb"].contains(Environment.variable("TERM") ?? "") }

    /// A view where somebody can look at it, lines on a terminal that nobody may see, such as a build server's, else nothing.
    static var automatic: ProgressForm {
        let isBuildServer = !(Environment.variable("CI") ?? "").isEmpty
        guard Output.isNoteTerminal else { return .none }
        return hasScreen && !isBuildServer && TerminalGuard.isForeground ? .live : .plain
    }
}
