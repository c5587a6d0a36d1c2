import Metrics
import TestSupport
import Testing
import Timeline

@testable import Report

/// The page as text: what was reviewed, what it lets in, and what it says without a picture.
struct PageTests {
    static let page = HTMLReport(PageFixture.two).text

    private static let series = Series.all(of: PageFixture.two.runs)

    @Test func `charts are those that were reviewed`() throws {
        let charts = [
            CumulativeChart(series: Self.series, metric: "ttft", id: "ttft-cdf", caption: "caption").figure,
            PercentileChart(series: Self.series, metric: "ttft", id: "percentiles").figure,
            TimelineChart(series: Self.series).figure, WaterfallChart(series: Self.series).figure,
            RasterChart(series: Self.series).figure, GapMapChart(series: Self.series).figure,
        ]
        for figure in charts {
            let figure = try #require(figure)
            #expect(GoldenFile("page-\(figure.id).html").difference(to: figure.markup.text) == nil)
        }
    }

    @Test func `the first screen and the cards are those that were reviewed`() {
        let glance = GlanceSection(picture: PageFixture.two, series: Self.series).markup.text
        #expect(GoldenFile("page-glance.html").difference(to: glance) == nil)
        #expect(GoldenFile("page-cards.html").difference(to: CardsSection(series: Self.series).markup.text) == nil)
    }

    @Test func `the data of the playground are those that were reviewed`() {
        let section = PlaygroundSection(series: Self.series, first: [0, 1])
        #expect(GoldenFile("page-streams.json").difference(to: section.data.indentedText + "\n") == nil)
    }

    @Test func `a refusal is no thought, though their names begin alike`() throws {
        var record = StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(100))
        for (index, kind) in zip(record.events.indices, [StreamEvent.Kind.reasoning, .refusal, .text]) {
            record.events[index].kind = kind
        }
        var picture = PageFixture.two
        let stream = try #require(StreamPicture(record, choices: [.median]))
        picture.runs[0].targets[0].streams = [stream]
        let section = PlaygroundSection(series: Series.all(of: picture.runs), first: [0, 1])
        #expect(section.data.text.contains(#""kinds":"rtt""#))
    }

    @Test func `load curves are those that were reviewed`() throws {
        let summaries = [(1, 330.0, 100.0), (4, 350, 380), (16, 900, 420)].map {
            load, first, throughput -> RunSummary in
            var summary = Fixture.small
            summary.run.load = .closed(concurrency: load)
            summary.run.id = "run-\(load)"
            summary.targets[0].metrics = [
                Fixture.row(
                    "ttft", [first, first, first, first * 1.5, first, first], first - 10...first + 10, nil, count: 80),
                Fixture.row("e2e", [first * 2, first * 2, 1, 1, 1, 1], nil, nil, count: 80),
                Fixture.row("output_speed", [1, 150 - Double(load), 1, 1, 1, 1], nil, nil, count: 80),
                Fixture.single("output_throughput", throughput, nil, count: 80),
                Fixture.single("request_throughput", throughput / 40, nil, count: 80),
            ]
            return summary
        }
        let figures = LoadCharts(curves: LoadCurve.curves(of: summaries), runs: summaries.map(\.run.id)).figures
        #expect(figures.map(\.id) == ["load-latency", "load-throughput", "frontier"])
        for figure in figures {
            #expect(GoldenFile("page-\(figure.id).html").difference(to: figure.markup.text) == nil)
        }
        #expect(figures[0].markup.text.contains("knee at 4"))
    }

    @Test func `the verdicts name the fastest, how sure that is, and what went wrong`() {
        let verdicts = Verdicts(picture: PageFixture.two, series: Self.series).all
        #expect(verdicts[0].lead.hasPrefix("fast, 350.1"))
        #expect(verdicts[0].text.contains("times as fast as slow"))
        #expect(verdicts[1].text.contains("not to be told apart from slow"))
        let failed = verdicts.first { $0.title == "Failed" }
        #expect(failed?.mood == .bad && failed?.text.contains("http_error rate_limited 7") == true)
        #expect(verdicts.contains { $0.title == "How sure" && $0.text.contains("no further than TTFT p50 by") })
    }

    @Test func `a limited measurement, an unfinished run and several runs are said at the top`() {
        var picture = PageFixture.two
        picture.runs[0].summary.targets[0].error.limitedFigures = ["ttft.p50"]
        picture.runs[0].summary.run.status = .interrupted
        picture.runs.append(PageFixture.two.runs[0])
        let verdicts = Verdicts(picture: picture, series: Series.all(of: picture.runs)).all
        let titles = verdicts.map(\.title)
        #expect(titles.contains("Limited by this machine"))
        #expect(titles.contains("Not whole"))
        #expect(titles.contains("Several runs"))
    }

    @Test func `the policy lets in the page's own style and program, and nothing else`() throws {
        let policy = try #require(Self.page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).output.1
        #expect(policy.hasPrefix("default-src &#39;none&#39;;"))
        #expect(!policy.contains("unsafe"))
        #expect(policy.matches(of: /sha256-/).count == 2)
        // Style attributes, handlers and foreign addresses would not work, and so must not be there.
        for word in [" style=\"", " onclick", " onload", "javascript:", "src=\"", "href=\"http", "@import", "url("] {
            #expect(!Self.page.contains(word), "\(word)")
        }
    }

    @Test func `each chart is named for a screen reader and has its numbers in a table`() {
        let charts = Self.page.matches(of: /<svg class="chart" id="([^"]*)"/).map { String($0.output.1) }
        #expect(charts.count >= 8)
        for chart in charts {
            #expect(Self.page.contains("<title id=\"\(chart)-t\">") && Self.page.contains("<desc id=\"\(chart)-d\">"))
        }
        let figures = Self.page.split(separator: "<figure ").dropFirst()
        for figure in figures { #expect(figure.contains("<table data-table=")) }
        #expect(Set(charts).count == charts.count)
    }

    @Test func `hostile names and messages stay text wherever they stand`() {
        var picture = PageFixture.two
        picture.runs[0].summary = HostileTextTests.summary
        picture.runs[0].targets = [PageFixture.target(HostileTextTests.summary.targets[0], [1, 2, 3])]
        picture.runs[0].targets[0].streams[0].chunks[0].text = HostileTextTests.hostile
        picture.rankings = [PageFixture.ranking("ttft", [1])]
        let text = HTMLReport(picture).text
        #expect(!text.contains("<img"))
        #expect(text.matches(of: /<\/script>/).count == 3)
        #expect(
            !text.unicodeScalars.contains {
                $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
            })
        #expect(!text.contains("SECRET_CANARY"))
    }

    @Test func `series that share a name are told apart by load, else by run`() {
        var other = PageFixture.two.runs[0]
        other.summary.run.load = .closed(concurrency: 8)
        let labels = Series.all(of: [PageFixture.two.runs[0], other]).map(\.label)
        #expect(labels == ["fast (4 at a time)", "slow (4 at a time)", "fast (8 at a time)", "slow (8 at a time)"])
        other.summary.run.load = .closed(concurrency: 4)
        other.summary.run.id = "0000000wxyz"
        #expect(Series.all(of: [PageFixture.two.runs[0], other]).map(\.label).last == "slow @wxyz")
    }

    @Test func `a page of runs without an answer has no charts and says so`() {
        var empty = PageFixture.two
        empty.rankings = []
        empty.runs[0].targets = empty.runs[0].targets.map { target in
            var target = target
            (target.distributions, target.attempts, target.streams) = ([:], [], [])
            target.raster = TokenRaster(rows: [], total: 0)
            target.gaps = GapMap(columnWidth: 1, cells: [], gapCount: 0)
            target.summary.metrics = []
            return target
        }
        let text = HTMLReport(empty).text
        #expect(!text.contains("<svg class=\"chart\""))
        #expect(text.contains("Failed"))
    }
}
