"""Works out what botocore says of AWS signatures and event streams: python3 aws_oracle.py > aws-oracle.json

Needs botocore. Messages are encoded here, with zlib's CRC-32, and decoded by botocore, whose word is what is written.
"""

import base64
import datetime
import json
import struct
import zlib
from unittest import mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.eventstream as eventstream

HOST = "https://bedrock-runtime.us-east-1.amazonaws.com"
BODY = '{"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":8}}'


def sign(url, body=BODY, region="us-east-1", token=None, at="2026-01-02T03:04:05", content_type="application/json"):
    credentials = botocore.credentials.Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    auth = botocore.auth.SigV4Auth(credentials, "bedrock", region)
    request = botocore.awsrequest.AWSRequest("POST", url, headers={"Content-Type": content_type}, data=body)
    now = datetime.datetime.fromisoformat(at)
    with mock.patch("botocore.auth.get_current_datetime", return_value=now):
        auth.add_auth(request)
    seconds = int(now.replace(tzinfo=datetime.timezone.utc).timestamp())
    return {
        "url": url, "body": body, "region": region, "token": token, "contentType": content_type, "seconds": seconds,
        "date": request.headers["X-Amz-Date"], "authorization": request.headers["Authorization"],
    }


def signatures():
    haiku = "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse-stream"
    profile = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.x-v1%3A0/converse"
    return [
        sign(HOST + haiku),
        sign(HOST + profile),
        sign(HOST + "/model/amazon.nova-lite/converse-stream"),
        sign(HOST + haiku, body=""),
        sign(HOST + haiku, body='{"text":"Grüße 🚀"}'),
        sign(HOST + haiku, token="IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ=="),
        sign(HOST + haiku, region="eu-central-2", at="2031-12-31T23:59:59"),
        sign(HOST + haiku, at="2028-02-29T00:00:00"),
        sign("https://bedrock-runtime.us-east-1.amazonaws.com:443" + haiku),
        sign("http://127.0.0.1:8080" + haiku),
        sign("http://127.0.0.1:80" + haiku),
        sign("http://[::1]:8080" + haiku),
        sign("http://127.0.0.1:8080/proxy//v1/./x/../model/a~b_c.d-e%20f/converse"),
        sign("http://127.0.0.1:8080/model/m/converse?b=2&a=1&a=0&c"),
        sign("http://127.0.0.1:8080"),
        sign(HOST + haiku, content_type="application/json;   charset=utf-8"),
    ]


def header(name, kind, value):
    name = name.encode()
    return bytes([len(name)]) + name + bytes([kind]) + value


def text(name, value):
    value = value.encode()
    return header(name, 7, struct.pack(">H", len(value)) + value)


def message(headers, payload=b""):
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    prelude += struct.pack(">I", zlib.crc32(prelude))
    return prelude + headers + payload + struct.pack(">I", zlib.crc32(prelude + headers + payload))


def event(kind, payload):
    headers = text(":event-type", kind) + text(":content-type", "application/json") + text(":message-type", "event")
    return message(headers, payload.encode())


EVERY_TYPE = b"".join([
    header("yes", 0, b""), header("no", 1, b""), header("byte", 2, b"\x80"), header("short", 3, b"\x80\x00"),
    header("int", 4, b"\x80\x00\x00\x00"), header("long", 5, b"\x80" + bytes(7)), header("bytes", 6, b"\x00\x03abc"),
    text("text", "Grüße"), header("time", 8, bytes(8)), header("uuid", 9, bytes(range(16))),
])


def messages():
    return [
        event("messageStart", '{"role":"assistant"}'),
        event("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"Hi"}}'),
        message(text(":exception-type", "throttlingException") + text(":content-type", "application/json")
                + text(":message-type", "exception"), b'{"message":"Too many tokens"}'),
        message(text(":error-code", "InternalFailure") + text(":error-message", "boom") + text(":message-type", "error")),
        message(b""),
        message(EVERY_TYPE + text(":message-type", "event") + text(":event-type", "x"), b"{}"),
        message(text("a", "") + text(":message-type", "event"), bytes(range(256)) * 40),
    ]


def flipped(data, position):
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1:]


def broken():
    good = event("contentBlockDelta", '{"delta":{"text":"Hi"}}')
    headers = text(":message-type", "event")
    sizes = [(15, 0), (16, 1), (17 << 20, 0), (1 << 31, 0), (40, 1 << 20)]
    cases = [flipped(good, position) for position in range(len(good))]
    for total, length in sizes:
        prelude = struct.pack(">II", total, length)
        cases.append(prelude + struct.pack(">I", zlib.crc32(prelude)) + bytes(40))
    cases.append(message(headers + headers, b"{}"))
    cases.append(message(header("x", 10, b""), b"{}"))
    cases.append(message(header("x", 7, b"\x00\xff"), b""))
    cases.append(message(b"\x05ab", b""))
    return cases


def decoded(data):
    buffer = eventstream.EventStreamBuffer()
    buffer.add_data(data)
    found = [(item.headers, item.payload) for item in buffer]
    assert len(found) == 1, found
    headers, payload = found[0]
    texts = {name: value for name, value in headers.items() if isinstance(value, str)}
    return {"bytes": base64.b64encode(data).decode(), "texts": texts, "payload": base64.b64encode(payload).decode()}


def refused(data):
    """What botocore raises; None where it waits for more, for it takes longer messages than we do."""
    buffer = eventstream.EventStreamBuffer()
    try:
        buffer.add_data(data)
        list(buffer)
    except Exception as error:
        return {"bytes": base64.b64encode(data).decode(), "error": type(error).__name__}
    return {"bytes": base64.b64encode(data).decode(), "error": None}


print(json.dumps({
    "signatures": signatures(),
    "messages": [decoded(data) for data in messages()],
    "broken": [refused(data) for data in broken()],
}, indent=1, ensure_ascii=False))
