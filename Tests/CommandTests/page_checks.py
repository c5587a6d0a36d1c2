"""What is checked of a report's page with means that share no code with it; every command prints what is wrong, or nothing.

    page_checks.py tables PAGE EXPORT        the data tables of the charts against the files of ttft export
    page_checks.py look PAGE SECONDS         a browser opens the page: no console message, no request, in time
    page_checks.py thoughts PAGE THINKING ANSWERING   what panes say of targets that think aloud and of others
    page_checks.py plant DATABASE TARGET     rewrites a target's streams: random gaps, a stall of 700 ms, a burst of 40
    page_checks.py replay PAGE EXPORT TARGET the browser plays the page, and what it shows is held against events.csv
    page_checks.py hostile PAGE TARGET TEXT  the text of a stream's pane is the text, and nothing of it ran
"""

import csv
import html.parser
import json
import random
import sqlite3
import sys


class Tables(html.parser.HTMLParser):
    """The tables of a page by their data-table names: lists of rows, each a dictionary by the header's words."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.rows, self.cell, self.in_table = {}, None, None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.rows = []
            self.tables[dict(attributes).get("data-table")] = self.rows
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("th", "td") and self.rows:
            self.rows[-1].append("")
            self.cell = True

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.cell = False
        elif tag == "table":
            self.rows = None

    def handle_data(self, data):
        if self.cell:
            self.rows[-1][-1] += data

    def named(self, name):
        header, *rows = self.tables[name]
        return [dict(zip(header, row)) for row in rows]


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def tables(page, export):
    with open(page, encoding="utf-8") as file:
        found = Tables(file.read())
    summary = {(row["run_id"], row["target"], row["metric"], row["stat"]): row for row in read_csv(f"{export}/summary.csv")}
    requests = {(row["run_id"], row["request_index"], row["attempt"]): row for row in read_csv(f"{export}/requests.csv")}
    wrong, checked = [], 0
    for name in ["ttft-cdf-data", "itl-cdf-data", "ttft-percentiles-data", "itl-percentiles-data", "gaps-data"]:
        rows = found.named(name)
        targets = {row["target"] for row in requests.values()}
        if {row["target"] for row in rows} != targets:
            wrong.append(f"{name}: has not all targets")
        for row in rows:
            theirs = summary[row["run_id"], row["target"], row["metric"], row["stat"]]
            wrong += [f"{name}: {row} but {theirs}" for column in row if row[column] != theirs[column]]
            checked += 1
    shown = {"timeline-data": ["target", "phase", "status", "start_offset_ms", "ttft_ms", "e2e_ms"],
             "waterfall-data": ["target", "status", "ttft_ms", "e2e_ms"],
             "raster-data": ["target", "status", "content_reads", "ttft_ms", "ttlt_ms"]}
    for name, columns in shown.items():
        rows = found.named(name)
        for row in rows:
            theirs = requests[row["run_id"], row["request_index"], row["attempt"]]
            wrong += [f"{name}: {row} but {theirs[column]}" for column in columns if row[column] != theirs[column]]
            checked += 1
        if name == "timeline-data" and len(rows) != len(requests):
            wrong.append(f"{name}: {len(rows)} rows for {len(requests)} requests")
    return wrong + ([] if checked > 100 else [f"only {checked} rows were checked"])


def look(page, limit):
    from browser import Browser
    wrong = []
    for settings in [{}, {"dark": True, "width": 390, "phone": True}, {"text_size": 32}]:
        with Browser(**settings) as browser:
            seconds = browser.open(page)
            if seconds > float(limit):
                wrong.append(f"{settings}: opened in {seconds:.1f} s")
            browser.evaluate("new Promise(done => { const player = document.getElementById('player').ttftPlayer;"
                             "player.setSpeed(4); player.play(); setTimeout(done, 500); })")
            # A phone's window grows with what it shows: the width that was asked for is what counts.
            overflow = browser.evaluate("document.documentElement.scrollWidth") - settings.get("width", 1280)
            if overflow > 0:
                wrong.append(f"{settings}: the page is {overflow} px wider than the window")
            if "phone" not in settings:
                # What has to be scrolled for is not seen: a curve there would be missing from the comparison.
                cut = browser.evaluate("[...document.querySelectorAll('.figures-grid figure:not(.wide) .scroll')]"
                                       ".filter(box => box.querySelector('svg') && box.scrollWidth > box.clientWidth + 1).length")
                if cut:
                    wrong.append(f"{settings}: {cut} charts are cut off at their right")
            wrong += browser.complaints + browser.foreign_requests
    return wrong


def thoughts(page, thinking, answering):
    """Thoughts are told from answers in words and in letters; a target without any says nothing of them."""
    from browser import Browser
    wrong = []
    with Browser() as browser:
        browser.open(page)
        for time, target, state, has_thoughts in [
            (500, thinking, "thinking", True), (1100, thinking, "streaming", True), (500, answering, "streaming", False),
        ]:
            seen = browser.evaluate(
                f"(() => {{ const player = document.getElementById('player').ttftPlayer; player.seek({time});"
                f"const pane = player.panes.find(pane => pane.stream.label === {json.dumps(target)} && !pane.whole);"
                "return [pane.state.textContent, pane.counts.textContent, pane.answer.querySelectorAll('.r').length > 0,"
                " pane.answer.querySelector('.r') === null ? '' : getComputedStyle(pane.answer.querySelector('.r')).fontStyle]; })()")
            if seen[0] != state or seen[2] != has_thoughts or seen[3] != ("italic" if has_thoughts else ""):
                wrong.append(f"{target} at {time} ms: {seen}")
            if ("answer from" in seen[1]) != has_thoughts:
                wrong.append(f"{target}: {seen[1]}")
        return wrong + browser.complaints


def plant(database, target):
    """Keeps the counts of events and gives every stream of a target other arrivals, made anew from a fixed seed."""
    connection = sqlite3.connect(database)
    generator = random.Random(4)
    query = "SELECT rowid, events, planned_ns, sent_ns FROM requests WHERE target = ?"
    for row, events, planned, sent in connection.execute(query, [target]).fetchall():
        events = json.loads(events)
        stalled, burst = sorted(generator.sample(range(10, len(events) - 60), 2))
        burst = max(burst, stalled + 5)
        arrival = sent - planned + 120_000_000
        for position, event in enumerate(events):
            if event[5] < 4 and position > 1:
                in_burst = burst < position <= burst + 39
                arrival += 20_000 if in_burst else 700_000_000 if position == stalled else generator.randrange(2_000_000, 30_000_000)
            event[2] = arrival
        terminal = planned + events[-1][2]
        connection.execute(
            "UPDATE requests SET events = ?, first_byte_ns = ?, headers_complete_ns = ?, terminal_ns = ?, closed_ns = ? WHERE rowid = ?",
            [json.dumps(events, separators=(",", ":")), planned + events[0][2], planned + events[0][2], terminal, terminal, row])
    connection.commit()
    return []


RECORDER = """
(() => {
  const player = document.getElementById('player').ttftPlayer;
  const pane = player.panes.find(pane => pane.stream.label === LABEL && !pane.whole);
  const seen = [], frames = [];
  new MutationObserver(() => seen.push([document.timeline.currentTime, performance.now(), pane.answer.textContent.length]))
    .observe(pane.answer, {childList: true, subtree: true, characterData: true});
  const frame = now => { frames.push(now); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  let anchor;
  player.addEventListener('anchor', event => { anchor = event.detail; });
  window.playFrom = (time, speed) => new Promise(done => {
    player.pause(); player.seek(time); player.setSpeed(speed);
    seen.length = 0; frames.length = 0;
    const start = pane.answer.textContent.length;
    player.play();
    player.addEventListener('change', function over() {
      if (player.isPlaying) return;
      player.removeEventListener('change', over);
      setTimeout(() => done({seen: seen.slice(), frames: frames.slice(), anchor, start, ends: pane.stream.ends,
        request: pane.stream.request, painted: document.querySelector('.paint').textContent}), 100);
    });
  });
  window.lengthAt = time => { player.pause(); player.seek(time); return pane.answer.textContent.length; };
  return pane.stream.request;
})()
"""


def replay(page, export, target):
    from browser import Browser
    wrong = []
    with Browser() as browser:
        browser.open(page)
        request = browser.evaluate(RECORDER.replace("LABEL", json.dumps(target)))
        offsets = [float(row["offset_ms"]) for row in read_csv(f"{export}/events.csv") if row["request_index"] == str(request)
                   and row["kind"] == "text"]
        gaps = [after - before for before, after in zip(offsets, offsets[1:])]
        if not (any(700 <= gap < 701 for gap in gaps) and sum(gap < 0.03 for gap in gaps) >= 39):
            wrong.append(f"the stream has no stall of 700 ms or no burst: {gaps}")
        for speed, start in [(0.5, 300), (1, 0), (4, 0), (1, 600)]:
            played = browser.evaluate(f"playFrom({start}, {speed})")
            wrong += [f"{speed}x from {start} ms: {problem}" for problem in late(played, offsets, speed, start)]
            if "p99" not in played["painted"]:
                wrong.append(f"the page does not say how late it painted: {played['painted']}")
        ends = played["ends"]
        for time in [0, 119, 121, 500, 900, 450.5, 1e9, 200]:
            count = sum(offset <= min(time, 1e8) for offset in offsets)
            if browser.evaluate(f"lengthAt({time})") != (ends[count - 1] if count else 0):
                wrong.append(f"after scrubbing to {time} ms not the {count} chunks of the stream are shown")
        wrong += browser.complaints + browser.foreign_requests
    return wrong


def late(played, offsets, speed, start):
    """Each chunk has to come in the first frame whose instant is not before its own, at the pace that was asked for."""
    wrong, differences = [], []
    anchor, frames = played["anchor"], played["frames"]
    for offset, end in zip(offsets, played["ends"]):
        if end <= played["start"]:
            continue
        due = anchor["started"] + (offset - start) / speed
        shown = next(((frame, now) for frame, now, length in played["seen"] if length >= end), None)
        if shown is None:
            wrong.append(f"the chunk at {offset} ms is never shown")
            continue
        before = max((frame for frame in frames if frame < shown[0] - 0.01), default=-1)
        if shown[0] < due - 0.1:
            wrong.append(f"the chunk at {offset} ms is shown {due - shown[0]:.1f} ms early")
        if before > due + 0.1:
            wrong.append(f"the chunk at {offset} ms is shown {shown[0] - due:.1f} ms late, and a frame passed without it")
        differences.append(shown[1] - due)
    # A machine that has nothing else to do has 60 frames a second; the bound is for one that has.
    median = sorted(differences)[len(differences) // 2] if differences else None
    if len(differences) < 20 or median > 250:
        wrong.append(f"{len(differences)} chunks, shown {median} ms after their instant at the median")
    return wrong


def hostile(page, target, text):
    from browser import Browser
    with Browser() as browser:
        browser.open(page)
        shown = browser.evaluate(
            "(() => { const player = document.getElementById('player').ttftPlayer; player.seek(1e9);"
            f"return player.panes.find(pane => pane.stream.label === {json.dumps(target)}).answer.textContent; }})()")
        wrong = [] if shown.startswith(text) else [f"the pane has {shown[:200]!r}"]
        if browser.evaluate("document.querySelectorAll('img').length + (window.owned ? 1 : 0)") != 0:
            wrong.append("something of the text ran, or became an element")
        return wrong + browser.complaints + browser.foreign_requests


if __name__ == "__main__":
    checks = {"tables": tables, "look": look, "thoughts": thoughts, "plant": plant, "replay": replay, "hostile": hostile}
    for problem in checks[sys.argv[1]](*sys.argv[2:]):
        print(problem)
