import Metrics
import Testing

@testable import Report

struct NumberFormatTests {
    @Test(arguments: [
        (318.241592, 0), (13.812, 1), (0.412, 3), (0.0004, 4), (1180.4, 0), (7.742, 2), (99.96, 1), (0, 0), (-13.8, 1),
    ])
    func `a figure has three significant digits`(value: Double, decimals: Int) {
        #expect(NumberFormat.decimals(for: value) == decimals)
    }

    @Test func `a narrow interval asks for more digits, five at most`() {
        #expect(NumberFormat.decimals(for: 318.24, interval: 312.2...325.1) == 0)
        #expect(NumberFormat.decimals(for: 450.21, interval: 450.1...450.4) == 1)
        #expect(NumberFormat.decimals(for: 450.21, interval: 450.2100...450.2101) == 2)
        #expect(NumberFormat.decimals(for: 12345, interval: 12344.9...12345.1) == 0)
    }

    // The expected texts are those of C's and Python's '%.6f' on the same doubles.
    @Test(arguments: [
        (351.2345675, "351.234568"), (0.0000015, "0.000002"), (0.0000025, "0.000003"), (0.1, "0.100000"),
        (450, "450.000000"), (1e15, "1000000000000000.000000"),
        (-0.0000001, "0.000000"), (2.5e-7, "0.000000"), (1234567.8912345, "1234567.891235"),
    ])
    func `exports carry six decimals of the exact value`(value: Double, text: String) {
        #expect(NumberFormat.exact(value) == text)
    }

    @Test func `what is not a number is empty in exports and n/a in tables`() {
        #expect(NumberFormat.exact(.nan) == "")
        #expect(NumberFormat.exact(.infinity) == "")
        #expect(NumberFormat.fixed(.nan, decimals: 2) == "n/a")
    }

    @Test(arguments: [
        (0.0206, "21 us"), (0.021, "21 us"), (0.02101, "22 us"), (0.14, "140 us"), (0.0508, "51 us"), (0.009, "9.0 us"),
        (0.9994, "1000 us"), (1.0, "1.0 ms"), (2.41, "2.5 ms"), (0, "0 us"), (0.00001, "0.1 us"), (5400.2, "5401 ms"),
    ])
    func `a bound is rounded up, so that it stays one`(milliseconds: Double, text: String) {
        #expect(NumberFormat.bound(milliseconds: milliseconds, micro: "u") == text)
    }

    @Test func `lengths and limits print as people write them`() {
        #expect(NumberFormat.length(seconds: 0.25) == "250 ms")
        #expect(NumberFormat.length(seconds: 120) == "120 s")
        #expect(NumberFormat.length(seconds: 600) == "10 min")
        #expect(NumberFormat.trimmed(800) == "800")
        #expect(NumberFormat.trimmed(0.5) == "0.5")
    }
}
