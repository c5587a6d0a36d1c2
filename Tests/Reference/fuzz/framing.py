"""The three framings, written and read by their published rules alone, byte by byte where need be.

Server-sent events: the WHATWG HTML standard, 9.2. JSON lines: one JSON text per line feed. AWS event streams: the
prelude, headers, payload and the two CRC-32 sums of the smithy specification.
"""

import re
import struct
import zlib
from dataclasses import dataclass, field

LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass
class Framed:
    """What a body holds: whole events as (name, data), and what its end left over."""

    events: list[tuple[str, bytes]] = field(default_factory=list)
    ignored: list[bytes] = field(default_factory=list)
    #: Whether the last whole thing that came is a line that is no field.
    ends_ignored: bool = False
    #: The event that no blank line completed, if any byte of it came: (name, data).
    tail: tuple[str, bytes] | None = None
    #: The last line where no line end follows it.
    partial: bytes = b""
    #: Whether the framing itself is broken; nothing after that place can be read.
    is_malformed: bool = False


def repaired(data: bytes) -> str:
    """UTF-8 as every standard reader decodes it: U+FFFD for each part that is none."""
    return data.decode("utf-8", errors="replace")


def read_events(body: bytes) -> Framed:
    framed = Framed()
    if body.startswith(b"\xef\xbb\xbf"):
        body = body[3:]
    *lines, partial = LINE_END.split(body)
    # A carriage return at the end ended a line, as does one before a line feed: the split sees both as one end.
    name, data, is_open = "", None, False
    for line in lines:
        if not line:
            if data is not None:
                framed.events.append((name, data))
                framed.ends_ignored = False
            name, data, is_open = "", None, False
        elif line.startswith(b":"):
            framed.ends_ignored = False
        else:
            before = len(framed.ignored)
            name, data, is_open = read_field(line, name, data, is_open, framed)
            framed.ends_ignored |= len(framed.ignored) > before
    framed.partial = partial
    if partial and not partial.startswith(b":"):
        name, data, is_open = read_field(partial, name, data, True, framed)
    if is_open:
        framed.tail = (name, data or b"")
    return framed


def read_field(line: bytes, name: str, data: bytes | None, is_open: bool, framed: Framed):
    field_name, _, value = line.partition(b":")
    value = value.removeprefix(b" ")
    if field_name == b"data":
        return name, value if data is None else data + b"\n" + value, True
    if field_name == b"event":
        return repaired(value), data, True
    if field_name not in (b"id", b"retry"):
        framed.ignored.append(line)
    return name, data, is_open


def read_lines(body: bytes) -> Framed:
    framed = Framed()
    # RFC 8259, 8.1: a byte order mark before a JSON text may be ignored.
    *lines, framed.partial = body.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    framed.events = [("", line) for line in lines if line.strip(b" \t\r")]
    return framed


def read_messages(body: bytes) -> Framed:
    """Messages as (kind and name, payload): kind is that of the header `:message-type`."""
    framed, start = Framed(), 0
    while start < len(body):
        if len(body) - start < 12:
            framed.partial = body[start:]
            break
        total, headers_length, checksum = struct.unpack(">III", body[start : start + 12])
        if zlib.crc32(body[start : start + 8]) != checksum or total < 16 + headers_length:
            framed.is_malformed = True
            break
        if len(body) - start < total:
            framed.partial = body[start:]
            break
        message = body[start : start + total]
        if zlib.crc32(message[:-4]) != struct.unpack(">I", message[-4:])[0]:
            framed.is_malformed = True
            break
        headers = read_headers(message[12 : 12 + headers_length])
        kind = headers.get(":message-type", "")
        name = headers.get({"event": ":event-type", "exception": ":exception-type"}.get(kind, ":error-code"), "")
        framed.events.append((f"{kind} {name}", message[12 + headers_length : -4]))
        start += total
    return framed


def read_headers(data: bytes) -> dict[str, str]:
    """The headers of a message; those of our streams are all strings."""
    headers, place = {}, 0
    while place < len(data):
        length = data[place]
        name = data[place + 1 : place + 1 + length].decode()
        place += 1 + length
        assert data[place] == 7, "only strings are written"
        (size,) = struct.unpack(">H", data[place + 1 : place + 3])
        headers[name] = data[place + 3 : place + 3 + size].decode()
        place += 3 + size
    return headers


def message(headers: list[tuple[str, str]], payload: bytes) -> bytes:
    """One message of an AWS event stream."""
    encoded = b""
    for name, value in headers:
        key, text = name.encode(), value.encode()
        encoded += bytes([len(key)]) + key + b"\x07" + struct.pack(">H", len(text)) + text
    prelude = struct.pack(">II", 16 + len(encoded) + len(payload), len(encoded))
    prelude += struct.pack(">I", zlib.crc32(prelude))
    whole = prelude + encoded + payload
    return whole + struct.pack(">I", zlib.crc32(whole))
