"""What happens to the bytes of a response, its headers and its transfer. See mutations.py for what is returned."""

import json
from dataclasses import dataclass, field
from random import Random

import framing
from mutations import DONE_DIALECTS
from streams import CONTENT_TYPES, FINISHES_BEFORE_ITS_END, LINES, MESSAGES, Event, Stream


@dataclass
class Style:
    """One of the many ways to write the same events, all of them right."""

    newline: bytes = b"\n"
    space: bytes = b" "
    is_ascii: bool = True
    compact: bool = True
    extras: bool = False

    @staticmethod
    def drawn(random: Random) -> "Style":
        newline = random.choices([b"\n", b"\r\n", b"\r"], [6, 3, 1])[0]
        space = random.choices([b" ", b""], [4, 1])[0]
        return Style(newline, space, random.random() < 0.5, random.random() < 0.7, random.random() < 0.3)

    def payload(self, data: object) -> bytes:
        if isinstance(data, bytes):
            return data
        if isinstance(data, str):
            return data.encode("utf-8", "surrogatepass")
        separators = (",", ":") if self.compact else (", ", ": ")
        if not self.is_ascii:
            try:
                return json.dumps(data, ensure_ascii=False, separators=separators).encode()
            except UnicodeEncodeError:
                pass
        return json.dumps(data, separators=separators).encode()


@dataclass
class Case:
    """One response as a client gets it."""

    dialect: str
    mutation: str
    blocks: list[bytes]
    roles: list[str]
    style: Style
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    end: str = "clean"
    cuts: list[int] = field(default_factory=list)
    body: bytes = b""
    is_broken: bool | None = None

    def replace(self, content: bytes) -> None:
        self.blocks, self.roles = [content], ["whole"]

    def join(self) -> bytes:
        return b"".join(self.blocks)

    @property
    def decisive_offset(self) -> int:
        """Where the event starts without which the stream is not finished."""
        role = "finish" if self.dialect in FINISHES_BEFORE_ITS_END else "end"
        place = len(self.roles) - 1 - self.roles[::-1].index(role)
        return sum(map(len, self.blocks[:place]))


def block(event: Event, style: Style, dialect: str, random: Random) -> bytes:
    """The bytes of one event."""
    payload = style.payload(event.data)
    if dialect in LINES:
        return payload + (b"\r\n" if style.newline == b"\r\n" else b"\n")
    if dialect in MESSAGES:
        name = event.name or ""
        kinds = {"event": ":event-type", "exception": ":exception-type", "error": ":error-code"}
        headers = [(kinds[event.kind], name), (":content-type", "application/json"), (":message-type", event.kind)]
        return framing.message(headers, payload)
    lines = [] if event.name is None else [b"event:" + style.space + event.name.encode()]
    if style.extras and random.random() < 0.2:
        lines.append(random.choice([b": note", b"id: 7", b"retry: 10", b"id", b"data-not: 1", b":", b"Data: x"]))
    if b"\n" not in payload and style.extras and isinstance(event.data, dict) and random.random() < 0.2:
        lines += [b"data:" + style.space + line for line in json.dumps(event.data, indent=1).encode().split(b"\n")]
    else:
        lines += [b"data:" + style.space + line for line in payload.split(b"\n")]
    return style.newline.join(lines) + style.newline * 2


def between(style: Style, dialect: str, random: Random) -> bytes:
    """What may stand between two events and says nothing."""
    if not style.extras or dialect in MESSAGES or random.random() < 0.7:
        return b""
    if dialect in LINES:
        return random.choice([b"\n", b" \t\n", b"\r\n"])
    choice = random.choice([b": keep-alive", b":", b"", b"retry: 5", b"data:", b"id: 3", b"event: x", b"other: 1"])
    return choice + style.newline + (style.newline if choice else b"")


def written(stream: Stream, mutation: str, random: Random) -> Case:
    """The response that carries a stream."""
    style = Style.drawn(random)
    blocks = [between(style, stream.dialect, random) + block(event, style, stream.dialect, random) for event in stream.events]
    if random.random() < 0.05 and stream.dialect not in LINES | MESSAGES:
        blocks.insert(0, b"\xef\xbb\xbf")
        stream.events.insert(0, Event("noise", ""))
    kind = CONTENT_TYPES.get(stream.dialect, "text/event-stream")
    kind = random.choice([kind, kind.title(), kind + "; charset=utf-8", kind + " ;x=y"])
    headers = [("Content-Type", kind)]
    if random.random() < 0.05:
        headers.append(("content-encoding", "identity"))
    return Case(stream.dialect, mutation, blocks, [event.role for event in stream.events], style, headers=headers)


def truncate(case: Case, random: Random) -> bool | None:
    """The body ends early, and HTTP says nothing of it. Of two answers one may be finished by then."""
    answers = case.roles.count("finish")
    body, decisive = case.join(), case.decisive_offset
    near = max(0, decisive - 5)
    length = random.choice([random.randrange(len(body)), random.randint(near, len(body) - 1)])
    case.replace(body[:length])
    return True if length <= decisive and answers < 2 else None


def cut_short(case: Case, random: Random) -> bool | None:
    """The transfer fails before the end, and HTTP says so."""
    case.end = random.choice(["cut_short", "broken", "malformed_http", "stall", "total", "first_token", "cancelled"])
    last = case.decisive_offset
    case.replace(case.join()[: random.randint(0, last)])
    return True


def broken_after_end(case: Case, random: Random) -> bool | None:
    """The transfer fails when all is said; only where the body's end is the end is that too early."""
    case.end = random.choice(["cut_short", "broken", "stall", "total", "cancelled"])
    return case.dialect == "gemini"


def any_byte(case: Case, random: Random) -> bool | None:
    body = bytearray(case.join())
    place = random.randrange(len(body))
    before = body[place]
    body[place] = random.choice([before ^ (1 << random.randrange(8)), random.randrange(256), 0, 0x0A, 0x22])
    case.replace(bytes(body))
    return (body[place] != before) if case.dialect in MESSAGES else None


def lost_bytes(case: Case, random: Random) -> bool | None:
    body = case.join()
    start = random.randrange(len(body))
    end = start + random.choice([1, 1, 2, 10])
    case.replace(body[:start] + body[end:])
    return None


def inserted_bytes(case: Case, random: Random) -> bool | None:
    body = case.join()
    place = random.randrange(len(body) + 1)
    added = random.choice([b"\n", b"\r", b"\n\n", b":", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", b"data: ", b'"', b"{", b"}"])
    case.replace(body[:place] + added + body[place:])
    return True if case.dialect in MESSAGES and place < len(body) else None


def letter_of_text(case: Case, random: Random) -> bool | None:
    """Another letter in the answer is another answer, and as good; a checksum takes it for damage all the same."""
    body = case.join()
    for word in (b"Blue", b"green", b"waves"):
        if word in body:
            case.replace(body.replace(word, word[:-1] + b"#", 1))
            return case.dialect in MESSAGES
    return False


def broken_bracket(case: Case, random: Random) -> bool | None:
    """One closing brace of one event that says something is lost."""
    places = [place for place, role in enumerate(case.roles) if role in ("content", "start", "other", "finish")]
    if not places:
        return False
    place = random.choice(places)
    head, brace, rest = case.blocks[place].rpartition(b"}")
    if not brace:
        return False
    case.blocks[place] = head + b" " + rest
    return True


def bare_error_lines(case: Case, random: Random) -> bool | None:
    """An error as Google sends it: JSON in lines that are no fields, after some other line that is none, or not."""
    error = {"error": {"code": 503, "message": "boom", "status": "UNAVAILABLE"}}
    if case.dialect in MESSAGES:
        return False
    if case.dialect in LINES:
        case.blocks.insert(random.randint(0, len(case.blocks)), json.dumps(error).encode() + b"\n")
        return True
    text = json.dumps(error, indent=random.choice([None, 2])).encode().replace(b"\n", case.style.newline)
    before = random.choice([b"", b"", b"x-proxy: 1" + case.style.newline])
    after = random.choice([case.style.newline, case.style.newline * 2])
    case.blocks.insert(random.randint(0, len(case.blocks)), before + text + after)
    return True


def joined_events(case: Case, random: Random) -> bool | None:
    """The blank line between two events is lost."""
    place = random.randrange(len(case.blocks))
    if case.dialect in MESSAGES:
        return False
    width = len(case.style.newline) if case.dialect not in LINES else len(b"\n")
    if case.blocks[place].endswith(case.style.newline):
        case.blocks[place] = case.blocks[place][:-width]
    return None


def wrong_status(case: Case, random: Random) -> bool | None:
    case.status = random.choice([301, 307, 400, 401, 403, 404, 413, 429, 500, 502, 503, 529, 204, 205])
    if case.status in (204, 205):
        case.replace(b"")
    elif random.random() < 0.5:
        case.replace(random.choice([b"", b"<html>slow down</html>", b'{"error":{"message":"m"}}']))
    return True


def wrong_type(case: Case, random: Random) -> bool | None:
    kinds = ["text/html", "text/plain", "application/json", "", "image/png"]
    kinds += [CONTENT_TYPES.get(name, "text/event-stream") for name in ("ollama", "bedrock", "tgi")]
    kinds.remove(CONTENT_TYPES.get(case.dialect, "text/event-stream"))
    case.headers = [("Content-Type", random.choice(kinds))]
    return True


def unasked_encoding(case: Case, random: Random) -> bool | None:
    case.headers = [header for header in case.headers if header[0] != "content-encoding"]
    case.headers.append(("Content-Encoding", random.choice(["gzip", "br", "zstd", "x-what", "GZIP"])))
    return True


def empty_body(case: Case, random: Random) -> bool | None:
    case.replace(b"")
    return True


def other_body(case: Case, random: Random) -> bool | None:
    """A page, an error, or a whole answer, in place of a stream."""
    kind, body = random.choice([
        ("text/html", b"<html>log in</html>"), ("application/json", b'{"error":{"message":"m","code":429}}'),
        ("application/json", b'{"choices":[]}'), ("application/json", b'[{"error":{"code":403,"message":"m"}}]'),
        ("application/json", b'{"cho'), ("application/json", b'"text"'),
    ])
    case.headers = [("Content-Type", kind)]
    case.replace(body)
    return True


WIRE_MUTATIONS = [
    truncate, cut_short, broken_after_end, any_byte, lost_bytes, inserted_bytes, letter_of_text, broken_bracket,
    bare_error_lines, joined_events, wrong_status, wrong_type, unasked_encoding, empty_body, other_body,
]
WEIGHTS = {truncate: 4, any_byte: 6, lost_bytes: 2, inserted_bytes: 3, cut_short: 2}
