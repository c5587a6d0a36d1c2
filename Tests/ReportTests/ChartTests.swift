import Testing
import Timeline

@testable import Report

/// The parts that charts are made of, against values worked out by hand.
struct ChartTests {
    @Test func `linear ticks are round, and carry the digits that tell them apart`() {
        #expect(Ticks.linear(0...1).map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(Ticks.linear(0...1300).map(\.label) == ["0", "500", "1000"])
        #expect(Ticks.linear(350...352).map(\.label) == ["350.0", "350.5", "351.0", "351.5", "352.0"])
        #expect(Ticks.linear(-0.004...0.004).map(\.label) == ["-0.004", "-0.002", "0.000", "0.002", "0.004"])
    }

    @Test func `logarithmic ticks are 1, 2 and 5 in each power of ten`() {
        #expect(Ticks.logarithmic(0.05...20).map(\.label) == ["0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20"])
        #expect(Ticks.logarithmic(300...360).map(\.label) == ["300", "320", "340", "360"])
    }

    @Test func `a short logarithmic axis has every digit's tick, as 200 and 500 alone would tell nothing`() {
        #expect(Ticks.logarithmic(200...500).map(\.label) == ["200", "300", "400", "500"])
        #expect(Ticks.logarithmic(5...20).map(\.label) == ["5", "6", "7", "8", "9", "10", "20"])
        #expect(Ticks.logarithmic(100...1000).map(\.label) == ["100", "200", "500", "1000"])
    }

    @Test func `a logarithmic scale gives equal ratios equal room`() {
        let scale = Scale.logarithmic([3, 700])
        #expect(scale.domain == 2...1000)
        let narrow = Scale(kind: .logarithmic, domain: 1...100)
        #expect(narrow.fraction(of: 10) == 0.5)
        #expect(narrow.fraction(of: 0) == 0)
        #expect(narrow.fraction(of: 1e6) == 1)
    }

    @Test func `a linear scale ends at round numbers, and stands on zero`() {
        #expect(Scale.linear([331, 1240]).domain == 0...1500)
        #expect(Scale.linear([]).domain == 0...1)
        #expect(Scale.linear([5, 5], fromZero: false).domain == 5...6)
    }

    @Test func `labels never overlap, and the first asked for win`() {
        let labels = (0..<50).map { (text: "\($0)00.00", position: Double($0) * 9) }
        let kept = LabelLayout.fitting(labels)
        #expect(kept.first == 0 && kept.count > 5)
        for (left, right) in zip(kept, kept.dropFirst()) {
            let room = labels[right].position - labels[left].position
            #expect(room >= (LabelLayout.width(of: labels[left].text) + LabelLayout.width(of: labels[right].text)) / 2)
        }
        #expect(LabelLayout.fitting([("aaaa", 0), ("bbbb", 10)], preferring: [1, 0]) == [1])
    }

    @Test func `labels are moved apart in their order, and stay within their range`() {
        #expect(LabelLayout.spread([10, 12, 80], distance: 14, within: 0...100) == [10, 24, 80])
        #expect(LabelLayout.spread([95, 99, 96], distance: 10, within: 0...100) == [80, 100, 90])
        #expect(LabelLayout.spread([5, 5, 5], distance: 60, within: 0...100) == [0, 50, 100])
    }

    @Test func `down-sampling keeps every extreme`() {
        var values = (0..<10_000).map { Double($0 % 7) }
        values[4321] = 900
        values[7777] = -50
        let kept = Downsampling.keepingExtremes(values, limit: 400)
        #expect(kept.count <= 400 && kept == kept.sorted())
        #expect(kept.contains(4321) && kept.contains(7777) && kept.first == 0 && kept.last == 9999)
        #expect(Downsampling.keepingExtremes([1, 2, 3], limit: 400) == [0, 1, 2])
    }

    @Test func `coordinates are written to a tenth`() {
        #expect([0, 12, -0.04, 3.14159, -7.05, .nan].map(PathData.number) == ["0", "12", "0", "3.1", "-7.1", "0"])
    }

    @Test func `markup escapes what is given as text and as attribute`() {
        var markup = Markup()
        markup.element("p", ["title": "\"><script>"], text: "</p><img onerror='x'>&\u{202e}\u{1b}")
        #expect(
            markup.text
                == "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt;&lt;img onerror=&#39;x&#39;&gt;&amp;\\u202e\\x1b</p>"
        )
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 1000])
    func `content is hashed as Python hashes it`(length: Int) throws {
        let text = String(repeating: "streaming ", count: 100).prefix(length)
        let program =
            "import base64,hashlib,sys; print(base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode())"
        let wanted = try ExportTests.python(program, String(text)).split(separator: "\n").joined()
        #expect(ContentHash.source(of: String(text)) == "'sha256-\(wanted)'")
    }

    @Test func `JSON within a page reads back the same and cannot end its element`() throws {
        let hostile = "</script><!--\u{2028}\u{202e}\u{feff}\u{e000}\u{1f600}&\u{7f}"
        let text = EmbeddedJSON.text(["text": .string(hostile)])
        #expect(text.unicodeScalars.allSatisfy { $0 == "\u{1f600}" || $0.isASCII })
        #expect(!text.contains("<") && !text.contains("&"))
        let program = "import json,sys; print(ascii(json.load(sys.stdin)['text']))"
        let read = try ExportTests.python(program, text)
        let wanted = "'</script><!--\\u2028\\u202e\\ufeff\\ue000\\U0001f600&\\x7f'\n"
        #expect(read == wanted)
    }
}
