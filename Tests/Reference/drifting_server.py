"""A server whose speed wanders: slow drift that all requests feel, luck with connections, and jitter.

It speaks as much of OpenAI's chat API as a gate needs. The path says what a side is like:
/ttft=1.3,tpot=1.0,jitter=0.2/v1/chat/completions takes 1.3 times as long to its first token as /ttft=1.0,...
"""

import asyncio
import json
import math
import random

FIRST_TOKEN = 0.012
GAP = 0.003
TOKENS = 10
DRIFT = 0.10
MEMORY = 10
CONNECTION = (0.05, 0.03)


class Drift:
    """An AR(1) process over requests, whoever sends them, around a shift of the whole run."""

    def __init__(self, chance):
        self.chance = chance
        self.shift = chance.gauss(0, 0.05)
        self.value = chance.gauss(0, DRIFT)

    def step(self):
        memory = math.exp(-1 / MEMORY)
        self.value = memory * self.value + math.sqrt(1 - memory**2) * self.chance.gauss(0, DRIFT)
        return self.shift + self.value


def event(content=None, finish=None):
    delta = {} if content is None else {"content": content}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "x", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}
    if finish:
        body["usage"] = {"prompt_tokens": 5, "completion_tokens": TOKENS, "total_tokens": TOKENS + 5}
    return f"data: {json.dumps(body)}\n\n".encode()


class Server:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.drift = Drift(self.chance)

    async def start(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        shifts = [self.chance.gauss(0, deviation) for deviation in CONNECTION]
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length"))
                await reader.readexactly(length)
                await self.answer(writer, head.split(" ")[1].split("/")[1], shifts)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, writer, side, shifts):
        """Streams an answer whose events are due at instants that were drawn before it began."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        traits = {name: float(value) for name, value in (trait.split("=") for trait in side.split(","))}
        drift = self.drift.step()
        first = FIRST_TOKEN * traits["ttft"] * math.exp(drift + shifts[0] + self.chance.gauss(0, traits["jitter"]))
        if self.chance.random() < 0.02:
            first *= self.chance.uniform(2, 6)
        gap = GAP * traits["tpot"] * math.exp(0.6 * drift + shifts[1] + self.chance.gauss(0, traits["jitter"] / 2))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for token in range(TOKENS):
            due += first if token == 0 else gap
            await asyncio.sleep(max(0, due - loop.time()))
            chunk = event("tok ")
            writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        tail = event(finish="stop") + b"data: [DONE]\n\n"
        writer.write(f"{len(tail):x}\r\n".encode() + tail + b"\r\n0\r\n\r\n")
        await writer.drain()


async def main():
    import sys

    server = Server(int(sys.argv[1]))
    print(await server.start(), flush=True)
    # It ends with the process that started it, which holds the other end of standard input.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
