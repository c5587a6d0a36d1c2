import ArgumentParser
import Exchange
import Glibc
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
        } catch let error as CSVError {
            try exit("ttft: \(error)", error.isFileNotFound ? ExitStatus.fileNotFound : ExitStatus.malformedInput)
        } catch let error as ExportError {
            try exit("ttft: \(error)", ExitStatus.failure)
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

    private static func status(of error: StoreError) -> ExitCode { ExitStatus.failure }
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
