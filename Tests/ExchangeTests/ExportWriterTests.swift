import Exchange
import Testing
import Timeline

@Suite struct ExportWriterTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func `requests.csv holds the facts of each attempt to the nanosecond`() throws {
        try ExampleExport.write(to: directory.file("out"))
        let lines = try directory.text(of: "out/requests.csv").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines[0] == """
                run_id,request_index,attempt,phase,target,api,model,served_model,system_fingerprint,\
                upstream_provider,scenario,prompt_id,client_request_id,status,error_kind,http_status,retry_after_ms,\
                finish_reason,error_message,started_at_utc,planned_offset_ms,retry_wait_ms,retry_due_offset_ms,\
                dispatch_offset_ms,start_offset_ms,dns_ms,connect_ms,tls_ms,ttfb_ms,ttft_ms,\
                ttfat_ms,ttlt_ms,e2e_ms,tpot_ms,stall_count,slo_ok,token_source,input_tokens,output_tokens,\
                reasoning_tokens,cached_tokens,content_events,output_chars,bytes_received,http_version,sends,\
                conn_reused,has_every_event,limit_requests,remaining_requests,reset_requests_ms,limit_tokens,\
                remaining_tokens,reset_tokens_ms,other_limits
                """)
        #expect(
            lines[1]
                == """
                0k3f9x2m1abc,7,2,measured,local,openai-chat,m1,m1-2026,,,"two, models",p1,ttft-7,ok,,200,,stop,,\
                2023-11-14T22:13:20.124456Z,0.250000,,,0.500000,1.000001,0.000000,0.123456,0.000000,50.000000,\
                100.000000,300.000003,300.000003,400.000007,50.000001,0,true,server_usage,11,8,4,,3,8,900,1.1,1,false,\
                true,,3,,40000,0,17.000000,requests-day=999/1000 =?/5
                """)
        #expect(
            lines[2...].joined(separator: "\n")
                == """
                0k3f9x2m1abc,8,1,warmup,hosted,anthropic,"m""2",,,,"two, models",-1+1,,connect_error,refused,,,,\
                "=cmd(), ""said""\r\nthe\nserver 日本",,2.000000,,,,,0.000000,0.000000,0.000000,,,,,,,,,,,,,,0,0,0,,1,\
                true,true,,,,,,,\n
                """)
    }

    @Test func `events.csv holds the content, and every event where that is asked for`() throws {
        try ExampleExport.write(to: directory.file("content"))
        let content = [
            "run_id,request_index,attempt,event_index,kind,offset_ms,read_index,read_offset_ms,late_bound_ms,icl_ms,"
                + "tokens,chars,bytes",
            "0k3f9x2m1abc,7,2,1,reasoning,100.000000,1,100.000040,0.007200,,4,4,4",
            "0k3f9x2m1abc,7,2,2,text,300.000003,2,300.000043,0.007200,200.000003,3,3,3",
            "0k3f9x2m1abc,7,2,3,text,300.000003,2,300.000043,0.007200,,1,1,1",
        ]
        #expect(try directory.text(of: "content/events.csv") == content.map { $0 + "\n" }.joined())
        try ExampleExport.write(to: directory.file("all"), options: .init(includesEveryEvent: true))
        let all = try directory.text(of: "all/events.csv").split(separator: "\n")
        #expect(all.count == 6)
        #expect(all[1] == "0k3f9x2m1abc,7,2,0,control,50.000000,0,50.000040,0.007200,,,0,0")
    }

    @Test func `runs.csv has one row per target with what joins it to other logs`() throws {
        try ExampleExport.write(to: directory.file("out"))
        let lines = try directory.text(of: "out/runs.csv").split(separator: "\n")
        #expect(
            lines[1]
                == """
                0k3f9x2m1abc,local,openai-chat,m1,http://127.0.0.1:8000/v1,1.1,reuse,false,,"two, models",abc,\
                18446744073709551615,finished,nightly main,2023-11-14T22:13:20.123456Z,9007199254740993,b-1,1.000001,\
                401.000008,closed,4,,,3,,true,kernel,2,0.750000,0.007200,0.1.0,libcurl/7.88.1,bench,Linux,EPYC,2
                """)
        #expect(lines.count == 3)
        #expect(lines[2].contains("9007199254740993,b-1,,,closed"))
    }

    @Test func `text that a spreadsheet would run gets an apostrophe where that is asked for, numbers never`() throws {
        try ExampleExport.write(to: directory.file("out"), options: .init(isSpreadsheetSafe: true))
        let text = try directory.text(of: "out/requests.csv")
        #expect(text.contains(",'-1+1,"))
        #expect(text.contains("\"'=cmd()"))
        #expect(!text.contains("'0"))
    }

    @Test(arguments: [
        (0, "0.000000"), (1, "0.000001"), (-1, "-0.000001"), (999_999, "0.999999"), (1_000_000, "1.000000"),
        (-10_000_001, "-10.000001"), (9_007_199_254_740_993, "9007199254.740993"),
        (Int64.max, "9223372036854.775807"), (Int64.min, "-9223372036854.775808"),
    ])
    func `a length of time is written to the nanosecond, however large`(nanoseconds: Int64, text: String) throws {
        let column = MetricColumn(name: "length_ms", description: "d")
        var writer = ExportWriter(metricColumns: [column])
        writer.add(ExampleExport.run, records: [ExampleExport.failed], windows: [:]) { _ in
            RecordMetrics(cells: [.milliseconds(Nanoseconds(nanoseconds))], eventTokens: [], eventGaps: [])
        }
        try writer.write(toDirectory: directory.file("out"), summary: "")
        #expect(try directory.text(of: "out/requests.csv").contains(",0.000000,\(text),,,,,0,"))
    }

    @Test func `a computed column with the name of a fact gives way to the fact`() throws {
        let columns = ["output_tokens", "ttft_ms"].map { MetricColumn(name: $0, description: "d") }
        var writer = ExportWriter(metricColumns: columns)
        writer.add(ExampleExport.run, records: [ExampleExport.complete], windows: [:]) { _ in
            RecordMetrics(cells: [.integer(-5), .number(100.5)], eventTokens: [], eventGaps: [])
        }
        try writer.write(toDirectory: directory.file("out"), summary: "")
        let lines = try directory.text(of: "out/requests.csv").split(separator: "\n")
        #expect(lines[0].contains(",tls_ms,ttft_ms,input_tokens,output_tokens,reasoning_tokens,"))
        #expect(lines[1].contains(",0.000000,100.500000,11,8,4,"))
        #expect(!lines[1].contains("-5"))
    }

    @Test func `files that are there are not overwritten without being asked, and none is left half`() throws {
        let path = directory.file("out")
        try ExampleExport.write(to: path)
        _ = try directory.write("mine\n", to: "out/events.csv")
        #expect(throws: ExchangeError.filesExist(paths: ExportWriter.fileNames.map { "\(path)/\($0)" })) {
            try ExampleExport.write(to: path)
        }
        #expect(try directory.text(of: "out/events.csv") == "mine\n")
        try ExampleExport.write(to: path, options: .init(overwrites: true))
        #expect(try directory.text(of: "out/events.csv").hasPrefix("run_id,"))
        #expect(
            output(of: "ls \(path)") == "datapackage.json\nevents.csv\nrequests.csv\nruns.csv\nsummary.csv\n")
    }

    /// Python's csv module agrees with what was put in, and the data package describes every column of every file.
    @Test func `Python reads the files as they are described`() throws {
        try ExampleExport.write(to: directory.file("out"))
        let script = try directory.write(
            """
            import csv, datetime, json, sys
            folder = sys.argv[1]
            def rows(name):
                with open(f"{folder}/{name}.csv", newline="", encoding="utf-8") as file:
                    return list(csv.DictReader(file, strict=True))
            requests, events, runs = rows("requests"), rows("events"), rows("runs")
            assert len(requests) == 2 and len(events) == 3 and len(runs) == 2
            assert requests[1]["error_message"] == '=cmd(), "said"\\r\\nthe\\nserver 日本', requests[1]
            assert requests[1]["model"] == 'm"2'
            assert requests[1]["ttft_ms"] == "" and requests[1]["status"] == "connect_error"
            assert float(requests[0]["ttft_ms"]) == 100.0 and requests[0]["start_offset_ms"] == "1.000001"
            moment = datetime.datetime(2023, 11, 14, 22, 13, 20, 124456, datetime.timezone.utc)
            assert datetime.datetime.fromisoformat(requests[0]["started_at_utc"]) == moment
            assert sum(int(row["tokens"]) for row in events) == 8
            casts = {"integer": int, "number": float, "string": str, "datetime": datetime.datetime.fromisoformat,
                     "boolean": {"true": True, "false": False}.__getitem__}
            package = json.load(open(f"{folder}/datapackage.json"))
            assert [resource["path"] for resource in package["resources"]] == [
                "requests.csv", "events.csv", "runs.csv", "summary.csv"]
            for resource, table in zip(package["resources"], [requests, events, runs]):
                fields = resource["schema"]["fields"]
                assert [field["name"] for field in fields] == list(table[0]), resource["name"]
                for row in table:
                    for field in fields:
                        assert field["description"]
                        cell = row[field["name"]]
                        if cell != "":
                            casts[field["type"]](cell)
                        if field["type"] == "number" and cell != "":
                            assert "." in cell, field
                keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in table]
                assert len(set(keys)) == len(keys)
            try:
                import pandas
            except ImportError:
                print("agreed"); sys.exit()
            frame = pandas.read_csv(f"{folder}/requests.csv")
            assert frame["ttft_ms"].dtype == "float64" and frame["ttft_ms"][0] == 100.0 and frame["ttft_ms"].count() == 1
            assert frame["error_message"][1] == requests[1]["error_message"]
            assert list(frame["conn_reused"]) == [False, True]
            assert list(pandas.read_csv(f"{folder}/events.csv")["icl_ms"].dropna()) == [200.000003]
            print("agreed")
            """, to: "check.py")
        #expect(output(of: "python3 \(script) \(directory.file("out"))") == "agreed\n")
    }
}
