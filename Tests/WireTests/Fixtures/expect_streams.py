"""Works out what the captured streams say, by other means than the decoder: json.loads on whole bodies.

Prints the literals that stand in CapturedStreamTests.swift. Usage: expect_streams.py FILE...
"""
import json
import sys

from reference_sse import interpret


def body_of(path):
    raw = open(path, "rb").read()
    ends = [(raw.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if mark in raw]
    place, length = min(ends)
    return raw[:place].decode().replace("\r\n", "\n").split("\n"), raw[place + length :]


for path in sys.argv[1:]:
    head, body = body_of(path)
    name = path.rsplit("/", 1)[-1].removesuffix(".http")
    if not any("event-stream" in line for line in head) or any("gzip" in line for line in head):
        print(name, head[0], len(body))
        continue
    events = interpret(body)["events"]
    texts, finish, usage, model, identifier, stamps = {}, {}, {}, None, None, []
    content = 0
    for kind, data, _ in events:
        if data == "[DONE]":
            stamps.append("DONE")
            continue
        value = json.loads(data)
        if "choices" in value:
            model, identifier = value["model"], value["id"]
            for choice in value["choices"]:
                piece = choice["text"] if "text" in choice else choice["delta"].get("content")
                if piece:
                    content += 1
                    texts[choice["index"]] = texts.get(choice["index"], "") + piece
                if choice["finish_reason"]:
                    finish[choice["index"]] = choice["finish_reason"]
            usage.update(value.get("usage") or {})
        elif value.get("type") == "message_start":
            model, identifier = value["message"]["model"], value["message"]["id"]
            usage.update(value["message"]["usage"])
        elif value.get("type") == "content_block_delta":
            content += 1
            texts[0] = texts.get(0, "") + value["delta"]["text"]
        elif value.get("type") == "message_delta":
            finish[0] = value["delta"]["stop_reason"]
            usage.update(value["usage"])
        elif value.get("type") == "message_stop":
            stamps.append("STOP")
    comments = sum(line.startswith(b":") for line in body.split(b"\n"))
    print(name, len(events), "events", comments, "comments", content, "content", stamps, finish, model, identifier)
    print("   usage", json.dumps(usage))
    for index in sorted(texts):
        print("   text", index, json.dumps(texts[index], ensure_ascii=False))
