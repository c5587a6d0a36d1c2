"""Reads a response by the rules alone and says what its outcome must be.

Where the rules leave a question open, every answer is worked out, and any of them is right.
"""

import json
from dataclasses import dataclass
from itertools import combinations

import framing
import rules
import streams
from reading import Reading

#: How a transfer ended -> the class of a stream that had not ended by then.
ENDS = {
    "cut_short": "truncated", "broken": "transport_error", "malformed_http": "protocol_error",
    "stall": "timeout_stall", "total": "timeout_total", "first_token": "timeout_first_token", "cancelled": "cancelled",
}
COMPLETE = ("ok", "ok_empty", "ok_refused", "ok_sloppy_end")


@dataclass(frozen=True)
class Verdict:
    """What one reading of a stream expects; nil stands for what the rules do not fix."""

    classes: tuple[str, ...]
    kinds: str = ""
    texts: tuple[str, ...] = ("",)
    calls: str | None = ""
    reason: str | None = None
    knows_reason: bool = False
    usage: tuple | None = None

    @property
    def is_complete(self) -> bool | None:
        """Whether the stream is whole; None where the rules leave that open."""
        found = {name in COMPLETE for name in self.classes}
        return found.pop() if len(found) == 1 else None


def verdicts(case) -> list[Verdict] | None:
    """Every outcome that the rules allow; None where they say nothing of what stands in the stream."""
    early = response_verdict(case)
    if early:
        return [early]
    found, asked = [], set()
    pending = [frozenset()]
    while pending:
        choices = pending.pop()
        reading = Reading(case.dialect, choices)
        verdict = stream_verdict(case, reading)
        if reading.is_unspecified:
            return None
        if verdict not in found:
            found.append(verdict)
        if len(choices) == 0:
            asked = reading.doubts
            pending = [frozenset(some) for count in (1, 2, 3) for some in combinations(sorted(asked), count)]
    return found


def response_verdict(case) -> Verdict | None:
    """What status and headers decide before the body is looked at."""
    if not 200 <= case.status < 300:
        return Verdict(("http_error",))
    if case.status in (204, 205):
        return Verdict(("protocol_error",))
    headers = {name.lower(): value for name, value in case.headers}
    if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        return Verdict(("protocol_error",))
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == streams.CONTENT_TYPES.get(case.dialect, "text/event-stream"):
        return None
    if not case.body:
        return Verdict(("truncated", "protocol_error"))
    if kind == "application/json":
        try:
            value = json.loads(case.body)
        except ValueError:
            return Verdict(("protocol_error",))
        return Verdict(("stream_error",) if tells_error(value) else ("protocol_error",))
    return Verdict(("protocol_error",))


def stream_verdict(case, reading: Reading) -> Verdict:
    framed = FRAMINGS[framing_of(case.dialect)](case.body)
    for name, data in framed.events:
        take(reading, name, data)
    classes = judged(case, reading, framed)
    texts = {"".join(repaired_text(text) for text in reading.texts), repaired_text("".join(reading.texts))}
    counts = reading.totals
    reason = reading.reasons.get(0)
    return Verdict(
        classes, "".join(reading.kinds), tuple(sorted(texts)),
        repaired_text("".join(reading.calls)) if reading.knows_calls else None,
        reason, reading.knows_reason,
        None if reading.has_odd_usage or not reading.saw_usage else counts)


def framing_of(dialect: str) -> str:
    return "lines" if dialect in streams.LINES else "messages" if dialect in streams.MESSAGES else "events"


FRAMINGS = {"lines": framing.read_lines, "messages": framing.read_messages, "events": framing.read_events}


def repaired_text(text: str) -> str:
    """Halves of surrogate pairs become a whole where they meet, and U+FFFD where they do not."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parsed(reading: Reading, data: bytes) -> object:
    """A JSON text by RFC 8259, which is stricter than Python's reader and lets readers limit the depth."""
    def refuse(constant: str):
        raise ValueError(constant)

    def unique(pairs: list) -> dict:
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        # RFC 8259, 4: readers take the last, or the first, or all of them.
        if reading.asks("the first of two members of one name counts, not the last"):
            return dict(reversed(pairs))
        if reading.asks("all members of one name count"):
            for name, member in members.items():
                if isinstance(member, str):
                    members[name] = "".join(value for other, value in pairs if other == name and isinstance(value, str))
        return members

    try:
        return json.loads(framing.repaired(data), parse_constant=refuse, object_pairs_hook=unique)
    except RecursionError:
        if reading.asks("depth is not limited"):
            return {}
        raise ValueError("too deep") from None


def take(reading: Reading, name: str, data: bytes) -> None:
    dialect = reading.dialect
    if name == "error":
        reading.saw_error = True
    elif data.startswith(b"[DONE]") and framing_of(dialect) == "events":
        # The end of some APIs; where servers send it behind another API's own end, it adds nothing.
        reading.is_unspecified |= data != b"[DONE]"
        reading.saw_end = True
        return
    if data == b"" and dialect not in streams.MESSAGES:
        return
    try:
        value = parsed(reading, data)
    except ValueError:
        if is_keep_alive(dialect, name, data):
            return
        if not reading.saw_end or not reading.asks("what comes after the end need not be JSON"):
            reading.saw_invalid = name != "error" or reading.saw_invalid
        return
    if tells_error(value):
        reading.saw_error = True
    elif isinstance(value, dict):
        rules.READERS[dialect](reading, name, value)
    elif value not in (None, []) and not is_keep_alive(dialect, name, data):
        # No API streams anything but objects: a text or a number is somebody else's word.
        if not reading.saw_end or not reading.asks("what comes after the end need not be JSON"):
            reading.saw_invalid = True


def is_keep_alive(dialect: str, name: str, data: bytes) -> bool:
    """Whether an event is a word under a name that the API does not know, and no damaged object."""
    if framing_of(dialect) != "events" or name in ("", "message", "error"):
        return False
    return not name.startswith(rules.EVENT_NAMES.get(dialect, ())) and data.strip(b" \t\n")[:1] not in (b"{", b"[", b"")


def tells_error(value: object) -> bool:
    if isinstance(value, list):
        return any(isinstance(item, dict) and tells_error(item) for item in value)
    return isinstance(value, dict) and (bool(value.get("error")) or value.get("type") == "error")


def judged(case, reading: Reading, framed: framing.Framed) -> tuple[str, ...]:
    """The classes that a stream may get."""
    has_tail = read_rest(reading, framed)
    wrong = [name for name, holds in [
        ("protocol_error", reading.saw_invalid or framed.is_malformed), ("stream_error", reading.saw_error)] if holds]
    ended = reading.saw_end and case.dialect != "gemini"
    if not case.body and case.end == "clean":
        return ("truncated",)
    if reading.saw_error and not reading.saw_invalid and not framed.is_malformed:
        return ("stream_error",)
    if wrong:
        # Which of several faults is named is nobody's rule.
        return tuple(wrong + ([] if ended or case.end == "clean" else [ENDS[case.end]]) + ([] if ended else ["truncated"]))
    if case.end != "clean" and not ended:
        return (ENDS[case.end],)
    if not reading.has_finish:
        return ("truncated",)
    if framed.ends_ignored and not ended and has_tail != "whole":
        # Somebody else's words stand where the end should.
        return ("truncated",)
    if ended and reading.has_late_content and not reading.kinds:
        return ("protocol_error",)
    if ended or (case.dialect == "gemini" and has_tail is False):
        if case.dialect == "bedrock" and has_tail:
            return ("truncated", reading.success)
        return (reading.success,)
    if has_tail == "whole":
        return ("ok_refused",) if reading.is_refused else ("ok_sloppy_end", reading.success)
    if has_tail == "comment":
        return ("truncated", "ok_sloppy_end", reading.success)
    if has_tail or case.dialect not in streams.FINISHES_BEFORE_ITS_END:
        return ("truncated",)
    return ("ok_refused",) if reading.is_refused else ("ok_sloppy_end", reading.success)[: 1 if reading.kinds else 2]


def read_rest(reading: Reading, framed: framing.Framed) -> bool | str:
    """Reads what the end of the body left: False where it left nothing, `whole` where it left all of the end."""
    dialect = reading.dialect
    if dialect in streams.MESSAGES:
        return bool(framed.partial)
    if dialect in streams.LINES:
        return read_last_line(reading, framed.partial)
    loose = b"\n".join(framed.ignored)
    if holds_error(loose, dialect):
        reading.saw_error = True
    rest = read_tail(reading, *framed.tail) if framed.tail else "comment" if framed.partial else False
    if dialect == "gemini" and any(line.startswith((b"{", b"[")) for line in framed.ignored):
        # The last event may be whole all the same, and what it says is read.
        return reading.asks("what begins as bare JSON and does not end is an error that was cut") or rest
    return rest


def read_last_line(reading: Reading, line: bytes) -> bool:
    if not line.strip(b" \t\r"):
        return False
    try:
        parsed(reading, line)
    except ValueError:
        return True
    take(reading, "", line)
    return False


def read_tail(reading: Reading, name: str, data: bytes) -> bool | str:
    """The standard discards an event that no blank line completed; only its end or its error is looked for."""
    if reading.saw_end and reading.dialect != "gemini":
        return True
    if not data:
        return not reading.asks("an event that never got its data is no event")
    trial = Reading(reading.dialect, reading.choices)
    trial.finished = set(reading.finished)
    take(trial, name, data)
    if reading.dialect == "gemini":
        if trial.saw_invalid or is_keep_alive(reading.dialect, name, data):
            return True
        take(reading, name, data)
        return "whole"
    reading.doubts |= trial.doubts
    reading.is_unspecified |= trial.is_unspecified
    if trial.saw_error and (not trial.saw_invalid and name != "error" or reading.asks("an error that was cut is one")):
        reading.saw_error = True
    if not trial.saw_end or trial.saw_invalid:
        return True
    reading.finished |= trial.finished
    for choice, reason in trial.reasons.items():
        reading.finish(reason, choice)
    reading.is_refused |= trial.is_refused
    reading.saw_error |= trial.saw_error
    if trial.saw_usage:
        reading.saw_usage, reading.counted_kinds = True, None
        with reading.recount(is_running=False):
            reading.usage = trial.usage
    return "whole"


def holds_error(loose: bytes, dialect: str) -> bool:
    """Whether lines that are no fields hold an error in bare JSON, or in a field as older llama.cpp servers write it."""
    text = framing.repaired(loose)
    for place in [0] + [index + 1 for index, letter in enumerate(text) if letter == "\n"]:
        if text[place : place + 1] in ("{", "["):
            try:
                value, _ = json.JSONDecoder().raw_decode(text, place)
            except (ValueError, RecursionError):
                continue
            if tells_error(value):
                return True
        if dialect == "llama-cpp" and text.startswith("error: {", place):
            return True
    return False
