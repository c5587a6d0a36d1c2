import ArgumentParser
import Exchange
import Runner
import Scenarios
import Store

/// Turns an error into what the person reads and the exit status that scripts see.
enum Failure {
    /// Runs a verb's work; prints an error of ours and ends with its status, lets others through.
    static func reporting(_ work: () throws -> Void) throws {
        do { try work() } catch let error as ScenarioError {
            try exit("\(error)", ExitCode(error.exitStatus))
        } catch let error as StoreError {
            try exit("ttft: \(error)", status(of: error))
        } catch let error as ExchangeError {
            try exit("ttft: \(error)", status(of: error))
        } catch let error as RunnerError {
            try exit("ttft: \(error)", ExitStatus.badScenario)
        } catch let error as Complaint {
            try exit("ttft: \(error.message)", error.status)
        }
    }

    private static func exit(_ message: String, _ status: ExitCode) throws -> Never {
        Output.note(message)
        throw status
    }

    private static func status(of error: StoreError) -> ExitCode {
        switch error {
        case .fileNotFound, .folderNotFound: ExitStatus.fileNotFound
        case .notADatabase, .newerSchema, .unreadable, .noSuchRun, .ambiguousRun, .invalidTag:
            ExitStatus.malformedInput
        case .runGoesOn, .runGone, .notWritable, .unreadableHere, .noRoom, .failed: ExitStatus.failure
        }
    }
}

extension Failure {
    private static func status(of error: ExchangeError) -> ExitCode {
        switch error {
        case .fileNotFound: ExitStatus.fileNotFound
        case .malformed: ExitStatus.malformedInput
        case .filesExist, .failed: ExitStatus.failure
        }
    }
}

/// An error of the command line's own.
struct Complaint: Error {
    var message: String
    var status: ExitCode

    init(_ message: String, _ status: ExitCode) {
        self.message = message
        self.status = status
    }
}
