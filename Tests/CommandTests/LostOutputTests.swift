import Testing

/// Output that cannot be written is an error; a reader that has seen enough is none.
@Suite("Lost output")
struct LostOutputTests {
    @Test func `a full device is told and exits with 1`() throws {
        let result = try Tool.run(executable: "/bin/sh", ["-c", "'\(Tool.path)' explain > /dev/full"])
        #expect(result.status == 1)
        #expect(result.errors == "ttft: standard output: No space left on device\n")
    }

    @Test func `a reader that closes its end is no failure`() throws {
        let script = "{ '\(Tool.path)' explain --json; echo $? >&2; } | head -1"
        let result = try Tool.run(executable: "/bin/sh", ["-c", script])
        #expect(result.output == "{\n")
        #expect(result.errors == "0\n")
    }
}
