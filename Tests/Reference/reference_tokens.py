"""Writes rank files, texts, and the tokens that Python's tiktoken makes of each text, for a test to compare with.

    python3 Tests/Reference/reference_tokens.py FOLDER

The rank files are those that the package bpe-openai carries, so nothing is downloaded while this runs. FOLDER gets
ENCODING.tiktoken and ENCODING.tokens for each encoding, and texts.bin: texts of UTF-8 with a NUL between them, the first of
more than a megabyte, then short ones that put together what the patterns tell apart. A line of ENCODING.tokens is one text's.
"""

import base64
import gzip
import importlib.resources
import json
import pathlib
import random
import sys

import tiktoken
import tiktoken_ext.openai_public

PROJECT = pathlib.Path(__file__).resolve().parents[2]
ENGLISH = "the model answers slowly at first and then it doesn't stop; we'll measure I'd say twice, WE'RE sure".split()
GERMAN = "Größe Straße über die Verzögerung zwischen zwei Wörtern, müßig „Anführung“ Übertragungsgeschwindigkeit".split()
JAPANESE = ["日本語の文章です。", "東京タワー", "これはテストです", "ｶﾀｶﾅ", "漢字かな交じり文、", "「引用」", "　"]
EMOJI = ["👩‍👩‍👧", "🎉🎉", "🇩🇪", "👍🏽", "❤️", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
OTHERS = ["한국어", "हिन्दी", "مرحبا", "e\u0301", "ǅabc", "I'ſ", "<|endoftext|>", "camelCase", "HTMLParser", "12345678"]
SPACES = [" ", "  ", "\n", "\r\n\r\n", "\t", "\n  \n", "   ", "\u00a0", "\u3000"]
EDGES = "'sSſtdmlLrRvVeE  \t\n\r/.,09٣½ⅣaAÄäßǅʰªあ漢\u0301\u0903\u20dd\u00a0\u3000\u2028\u0085\u180e\u200b!?🎉"


def prose(source, words, count):
    return "".join(source.choice(words) + source.choice([" ", " ", " ", ", ", ".\n"]) for _ in range(count))


def record(source):
    return {"id": source.randrange(10**9), "name": source.choice(GERMAN + JAPANESE), "ratio": source.random(),
            "tags": source.sample(EMOJI + OTHERS, 2), "ok": source.random() < 0.5, "none": None}


def mixed(source):
    files = sorted((PROJECT / "Sources" / "Wire").rglob("*.swift")) + sorted((PROJECT / "Tests").rglob("*.py"))
    code = "".join(path.read_text(encoding="utf-8") for path in files)[:300_000]
    parts = [(PROJECT / "README.md").read_text(encoding="utf-8"), code]
    parts += [prose(source, ENGLISH, 20_000), prose(source, GERMAN, 20_000), prose(source, JAPANESE, 14_000)]
    parts += [json.dumps([record(source) for _ in range(900)], indent=indent, ensure_ascii=ascii)
              for indent, ascii in ((None, False), (2, True))]
    parts.append("".join(source.choice(EMOJI + OTHERS + SPACES) for _ in range(20_000)))
    return "\n".join(parts).replace("\0", "")


def texts(source):
    yield mixed(source)
    for _ in range(5_000):
        yield "".join(source.choice(EDGES) for _ in range(source.randint(1, 25)))


def encoding(name, folder):
    carried = importlib.resources.files("bpe_openai") / "data" / f"{name}.tiktoken.gz"
    content = gzip.decompress(carried.read_bytes())
    (folder / f"{name}.tiktoken").write_bytes(content)
    ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in content.splitlines())}
    # The published definition of the encoding, with the ranks at hand in place of those that it would download.
    tiktoken_ext.openai_public.load_tiktoken_bpe = lambda *_, **__: ranks
    return tiktoken.Encoding(**getattr(tiktoken_ext.openai_public, name)())


def main():
    folder = pathlib.Path(sys.argv[1])
    sample = list(texts(random.Random(7)))
    (folder / "texts.bin").write_bytes(b"\0".join(text.encode() for text in sample))
    for name in ("cl100k_base", "o200k_base"):
        reference = encoding(name, folder)
        lines = (" ".join(map(str, reference.encode_ordinary(text))) for text in sample)
        (folder / f"{name}.tokens").write_text("\n".join(lines) + "\n")


main()
