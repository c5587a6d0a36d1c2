"""Bytes that are no UTF-8, in a text and outside of it; framings that carry a checksum carry the wrong bytes rightly."""

import json
from random import Random

from streams import Stream

WRONG = [b"\xff", b"\xc3", b"\xf0\x9f\x9a", b"\x80", b"\xed\xa0\xbd", b"\xc0\xaf", b"\xf4\x90\x80\x80"]


def invalid_utf8_in_text(stream: Stream, random: Random) -> bool | None:
    """U+FFFD takes the place of what is no UTF-8, and the answer is as good as before."""
    for place in stream.places("content"):
        encoded = json.dumps(stream.events[place].data).encode()
        for word in (b"Blue", b"green", b"waves"):
            if word in encoded:
                stream.events[place].data = encoded.replace(word, b"B" + random.choice(WRONG) + b"e", 1)
                return False
    return False


def invalid_utf8_outside_text(stream: Stream, random: Random) -> bool | None:
    """Between the members of an object nothing but white space may stand."""
    places = [place for place, event in enumerate(stream.events) if isinstance(event.data, dict)]
    event = stream.events[random.choice(places)]
    encoded = json.dumps(event.data).encode()
    event.data = b"{" + random.choice(WRONG) + encoded[1:]
    return True


TEXT_MUTATIONS = [invalid_utf8_in_text, invalid_utf8_outside_text]
