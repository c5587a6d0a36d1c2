"""What a reader has seen of a stream so far, and which outcome follows from it."""

import contextlib
import itertools
from dataclasses import dataclass, field


#: Words that tell a refusal in whatever API, since servers pass on what others said; they may write more behind one.
REFUSALS = {"content_filter", "content_filtered", "refusal", "sensitive"}


def tells_refusal(reason: object, refusals: tuple) -> bool:
    """Whether a reason is one of the dialect's refusals, or begins with a word that tells one everywhere."""
    if not isinstance(reason, str):
        return False
    word = "".join(itertools.takewhile(lambda letter: letter.isalpha() or letter == "_", reason.lower()))
    return reason in refusals or word in REFUSALS


@dataclass
class Reading:
    """Facts gathered while a stream is read. `doubts` names the questions that the rules leave open and that arose;
    `choices` says which of them are answered the second way."""

    dialect: str
    choices: frozenset[str] = frozenset()
    doubts: set[str] = field(default_factory=set)
    #: One letter for each content event: t, r (reasoning), c (call of a tool), x (refusal).
    kinds: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    #: False where a call came as an object, whose text has no one spelling.
    knows_calls: bool = True
    started: set[int] = field(default_factory=set)
    #: Answers of which an event spoke, with or without content.
    mentioned: set[int] = field(default_factory=set)
    reasons: dict[int, str] = field(default_factory=dict)
    #: Answers that said they are finished, with or without a reason.
    finished: set[int] = field(default_factory=set)
    usage: dict[str, int] = field(default_factory=dict)
    saw_usage: bool = False
    #: How many content events had come with the latest counts, where those are no total by themselves.
    counted_kinds: int | None = None
    saw_end: bool = False
    #: Bedrock's totals came, which end a stream together with the stop.
    saw_totals: bool = False
    saw_error: bool = False
    saw_invalid: bool = False
    is_refused: bool = False
    #: Content came behind the end, where it is none of the answer.
    has_late_content: bool = False
    #: Something stands in the stream of which the rules say nothing at all.
    is_unspecified: bool = False
    #: The same of the usage, and of the finish reason alone.
    has_odd_usage: bool = False
    has_odd_reason: bool = False

    def asks(self, doubt: str) -> bool:
        """Answers an open question, and remembers that it arose."""
        self.doubts.add(doubt)
        return doubt in self.choices

    def content(self, parts: list[tuple[str, str]], choice: int = 0) -> None:
        """Takes the content of one event for one answer, unless it comes after the end."""
        parts = [part for part in parts if part[1]]
        if not parts or self.saw_end:
            self.has_late_content |= bool(parts)
            return
        self.started.add(choice)
        # One event for each kind, in the order in which models produce them.
        for kind in sorted({kind for kind, _ in parts}, key="rtxc".index):
            self.kinds.append(kind)
            text = "".join(text for other, text in parts if other == kind)
            (self.calls if kind == "c" else self.texts).append(text)
            self.is_refused |= kind == "x"

    def finish(self, reason: object, choice: int = 0, refusals: tuple = (), failures: tuple = ()) -> None:
        """Takes the reason for which an answer ended; anything but a text that is not empty is none."""
        if self.saw_end:
            # Behind the end a reason finishes nothing, and what it tells of a failure or a refusal holds.
            self.is_refused |= tells_refusal(reason, refusals)
            self.saw_error |= reason in failures
            return
        if not isinstance(reason, str):
            self.has_odd_reason |= reason is not None
            self.is_unspecified |= reason is not None
            return
        if not reason:
            self.is_unspecified = True
        self.has_odd_reason |= self.reasons.get(choice, reason) != reason
        self.started.add(choice)
        self.finished.add(choice)
        self.reasons[choice] = reason
        self.is_refused |= tells_refusal(reason, refusals)
        if self.dialect == "gemini" and reason not in ("STOP", "MAX_TOKENS", "SAFETY"):
            self.saw_error |= self.asks("a reason that nobody knows is a failure")
        self.saw_error |= reason in failures

    def count(self, **counts: object) -> None:
        """Takes counts of tokens: the last one counts, and none is ever added to another of the same name."""
        if self.saw_end:
            self.has_odd_usage = True
        self.saw_usage = True
        # Counts without that of the output are none that a good server gives.
        self.has_odd_usage |= "output" in counts and counts["output"] is None
        for name, value in counts.items():
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
                self.has_odd_usage |= value is not None
            else:
                self.usage[name] = value

    @contextlib.contextmanager
    def recount(self, is_running: bool):
        """Replaces the counts by those taken inside; of two totals of one answer the greater one stands."""
        earlier, self.usage = self.usage, {}
        yield
        output = self.usage.get("output")
        if len(self.started | self.mentioned | self.finished) <= 1 and None not in (earlier.get("output"), output):
            if output < earlier["output"]:
                self.usage["output"] = earlier["output"]
                self.usage["reasoning"] = earlier.get("reasoning")
        self.counted_kinds = len(self.kinds) if is_running else None

    @property
    def totals(self) -> tuple:
        """Input, output and reasoning tokens; the latter two unknown where content came after running counts."""
        if self.counted_kinds is not None and len(self.kinds) > self.counted_kinds:
            return self.usage.get("input"), None, None
        return tuple(self.usage.get(name) for name in ("input", "output", "reasoning"))

    @property
    def knows_reason(self) -> bool:
        """Whether the rules fix one finish reason: not where several answers or reasons came."""
        return not self.has_odd_reason and self.started | self.mentioned | self.finished <= {0}

    @property
    def has_finish(self) -> bool:
        if not self.finished or not self.started <= self.finished:
            return False
        return self.mentioned <= self.finished or self.asks("an entry without content starts no answer")

    @property
    def success(self) -> str:
        if self.is_refused:
            return "ok_refused"
        return "ok" if self.kinds else "ok_empty"
