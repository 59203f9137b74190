"""What invented requests are about: texts from ``requests.toml`` with numbers filled in."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from xiaoer.registry.models import Party

WAN_FEN = 1_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject as the file states it; texts may hold {n}, {m} and {w}."""

    key: str
    kind: str
    office: str
    title: str
    body: str
    contact: str
    plan: str
    answer: str
    words: str
    note: str = ""
    joint: tuple[str, ...] = ()
    money: tuple[int, int] | None = None
    urgency: str = "normal"
    hard: bool = False
    trades: tuple[str, ...] = ()

    def fits(self, industry: str) -> bool:
        """Whether an enterprise of this industry would say so."""
        return not self.trades or industry in self.trades


@dataclass(frozen=True, slots=True)
class Words:
    """A subject with its numbers, as one enterprise would put it."""

    subject: Subject
    money_fen: int | None
    numbers: dict[str, int]

    def fill(self, text: str) -> str:
        return text.format(**self.numbers)

    @property
    def title(self) -> str:
        return self.fill(self.subject.title)

    @property
    def body(self) -> str:
        return self.fill(self.subject.body)


@cache
def subjects() -> dict[str, Subject]:
    """Every subject by its key, in the order of the file."""
    text = files("xiaoer.demo").joinpath("requests.toml").read_text("utf-8")
    return {key: _subject(key, row) for key, row in tomllib.loads(text).items()}


def _subject(key: str, row: dict[str, object]) -> Subject:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Subject(key=key, **(row | lists))  # type: ignore[arg-type]  # the file is ours, tested


def put(dice: random.Random, key: str) -> Words:
    """One enterprise's version of a subject."""
    subject = subjects()[key]
    numbers = {"n": dice.randrange(2, 7), "m": dice.randrange(12, 58), "w": 0}
    if subject.money is None:
        return Words(subject, None, numbers)
    numbers["w"] = dice.randrange(subject.money[0], subject.money[1] + 1)
    return Words(subject, numbers["w"] * WAN_FEN, numbers)


def party_for(key: str, parties: list[Party]) -> Party:
    """The first of the parties that would say so, taken out of them."""
    subject = subjects()[key]
    at = next(at for at, party in enumerate(parties) if subject.fits(party.industry))
    return parties.pop(at)
