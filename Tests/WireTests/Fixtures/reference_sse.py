"""A second parser of server-sent events, to hold the decoder against.

Written from the text of the WHATWG HTML standard, 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event
stream", in its order: decode first, split into lines then. It reads one stream a line, in base64, from the file named
first, and writes one JSON text a line to the file named second.
"""
import base64
import json
import re
import sys


def interpret(stream: bytes) -> dict:
    # "Streams must be decoded using the UTF-8 decode algorithm", which strips one byte order mark.
    text = stream[3:] if stream.startswith(b"\xef\xbb\xbf") else stream
    text = text.decode("utf-8", errors="replace")
    # "Lines must be separated by either a CRLF pair, a single LF, or a single CR." What follows the last is no line.
    lines = re.split("\r\n|\n|\r", text)[:-1]
    data, event_type, id_buffer, last_id, retry = "", "", "", "", None
    events = []
    for line in lines:
        if line == "":
            last_id = id_buffer
            if data == "":
                event_type = ""
                continue
            if data.endswith("\n"):
                data = data[:-1]
            events.append([event_type or "message", data, last_id])
            data, event_type = "", ""
        elif line.startswith(":"):
            continue
        else:
            if ":" in line:
                field, value = line.split(":", 1)
                if value.startswith(" "):
                    value = value[1:]
            else:
                field, value = line, ""
            if field == "event":
                event_type = value
            elif field == "data":
                data += value + "\n"
            elif field == "id":
                if "\0" not in value:
                    id_buffer = value
            elif field == "retry":
                if re.fullmatch("[0-9]+", value):
                    retry = int(value)
    return {"events": events, "retry": retry}


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as source, open(sys.argv[2], "w") as target:
        for line in source:
            target.write(json.dumps(interpret(base64.b64decode(line))) + "\n")
