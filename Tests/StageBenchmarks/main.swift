// Times single stages and prints one JSON line for each; Tests/Reference/stages.py runs it beside references.
//
//   stage-benchmarks decode API BODY-FILE | store DATABASE RECORDS EVENTS | statistics VALUES-FILE

import FoundationEssentials
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("decode", 3): try print(DecodeBenchmark(api: arguments[1], body: contents(of: arguments[2])).line)
case ("store", 4):
    guard let records = Int(arguments[2]), let events = Int(arguments[3]) else { fallthrough }
    try print(StoreBenchmark(path: arguments[1], recordCount: records, eventCount: events).line)
case ("statistics", 2): try print(StatisticsBenchmark(values: contents(of: arguments[1])).line)
default:
    print("usage: stage-benchmarks decode API BODY-FILE | store DATABASE RECORDS EVENTS | statistics VALUES-FILE")
    exit(64)
}

func contents(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
