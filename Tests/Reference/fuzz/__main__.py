"""Writes responses of every API, healthy and broken, with what a reader must make of them.

    python3 Tests/Reference/fuzz --seed 1 --count 20000 --output cases.bin
    python3 Tests/Reference/fuzz --seed 1 --only 1234        shows one case to a person

The healthy streams, the mutations and the judge know nothing of each other, and nothing of the program they test: the
judge reads the bytes alone. Where a mutation says that it broke a stream, or that it did not, and the judge does not
agree, the generator fails. Numbers in the file are little-endian and have 32 bits; a text is its length and its bytes.
"""

import argparse
import struct
import sys
from random import Random

import judge
from mutations import EVENT_MUTATIONS, RARE
from streams import BUILDERS, healthy
from text_mutations import TEXT_MUTATIONS
from wire_mutations import WEIGHTS, WIRE_MUTATIONS, Case, written

MUTATIONS = EVENT_MUTATIONS + TEXT_MUTATIONS + WIRE_MUTATIONS
SHARES = [RARE.get(mutation, WEIGHTS.get(mutation, 1)) for mutation in MUTATIONS]


def drawn_cuts(length: int, random: Random) -> list[int]:
    """Where the reads of a body end."""
    style = random.random()
    if style < 0.35:
        return []
    if style < 0.42 and length < 3000:
        return list(range(1, length))
    if style < 0.7:
        return sorted(random.sample(range(length), min(length, random.randint(1, 3))))
    cuts, place, longest = [], 0, random.choice([64, 256, 1024])
    while place < length:
        place += random.randint(1, longest)
        cuts.append(place)
    return cuts


def drawn_case(seed: int, number: int) -> Case:
    """One case; it depends on nothing but the seed and its number."""
    random = Random(f"{seed}/{number}")
    dialect = random.choice(list(BUILDERS))
    mutation = random.choices(MUTATIONS, SHARES)[0]
    stream = healthy(dialect, random)
    is_broken = False if mutation in WIRE_MUTATIONS else mutation(stream, random)
    case = written(stream, mutation.__name__, random)
    case.is_broken = mutation(case, random) if mutation in WIRE_MUTATIONS else is_broken
    case.body = case.join()
    case.cuts = drawn_cuts(len(case.body), random)
    return case


def disagreement(case: Case, verdicts: list[judge.Verdict] | None) -> str | None:
    """How the mutation and the judge differ, so that one of them is wrong; None where they agree."""
    if case.is_broken is None:
        return None
    if verdicts is None:
        return "the judge does not know the outcome"
    if any(verdict.is_complete is case.is_broken for verdict in verdicts):
        return f"the mutation says {'broken' if case.is_broken else 'healthy'}: {verdicts}"
    return None


def packed(case: Case, verdicts: list[judge.Verdict] | None) -> bytes:
    parts = [text(case.dialect), text(case.mutation), text(case.end), number(case.status), number(len(case.headers))]
    parts += [text(part) for header in case.headers for part in header]
    parts += [text(case.body), number(len(case.cuts)), struct.pack(f"<{len(case.cuts)}I", *case.cuts)]
    parts.append(number(0 if verdicts is None else len(verdicts)))
    for verdict in verdicts or []:
        parts += [text("|".join(verdict.classes)), text(verdict.kinds), number(len(verdict.texts))]
        parts += [text(alternative) for alternative in verdict.texts]
        parts += [optional(verdict.calls), number(int(verdict.knows_reason)), optional(verdict.reason)]
        parts.append(number(int(verdict.usage is not None)))
        parts += [optional(None if count is None else str(count)) for count in verdict.usage or (None, None, None)]
    return b"".join(parts)


def number(value: int) -> bytes:
    return struct.pack("<I", value)


def text(value: str | bytes) -> bytes:
    data = value if isinstance(value, bytes) else value.encode()
    return number(len(data)) + data


def optional(value: str | None) -> bytes:
    return number(0) if value is None else number(1) + text(value)


def main() -> None:
    sys.set_int_max_str_digits(0)
    options = argparse.ArgumentParser(description="Writes mutated streams and what a reader must make of them.")
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--first", type=int, default=0, help="the number of the first case")
    options.add_argument("--count", type=int, default=20_000)
    options.add_argument("--output", help="the file to write")
    options.add_argument("--only", type=int, help="show this case alone")
    given = options.parse_args()
    if given.only is not None:
        case = drawn_case(given.seed, given.only)
        print(case.dialect, case.mutation, case.status, case.headers, case.end, "broken:", case.is_broken)
        print(case.body.decode("utf-8", "backslashreplace"))
        print(judge.verdicts(case))
        return
    is_consistent = True
    with open(given.output, "wb") as output:
        for index in range(given.first, given.first + given.count):
            case = drawn_case(given.seed, index)
            verdicts = judge.verdicts(case)
            output.write(packed(case, verdicts))
            if fault := disagreement(case, verdicts):
                is_consistent = False
                print(f"case {index} of seed {given.seed}, {case.dialect}, {case.mutation}: {fault}", file=sys.stderr)
    sys.exit(0 if is_consistent else 1)


if __name__ == "__main__":
    main()
