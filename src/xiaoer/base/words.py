"""事实词: the words rules are written in; each room lends its own in its ``vocabulary``.

A word names one thing that can be known of a subject (a firm): its meaning, unit, period and where
it may come from. The same name is used by rules, imports, questions and pages. Names follow the
fact dictionary (``_y1``: the last complete year, ``_eoy1``: at its end, ``_ytd``: this year so far).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


class Kind(StrEnum):
    """What a word's values are: figures, yes or no, days, or one of some texts."""

    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    TEXT = "text"


# 来源: the kinds of source a word may come from, best first, and what people call them.
SOURCES: Mapping[str, tuple[str, str]] = {
    "official": ("官方名录", "official register"),
    "tax": ("税务", "tax"),
    "audit": ("审计", "audit"),
    "platform": ("平台", "platform"),
    "decision": ("认定或决定", "decision"),
    "staff": ("工作人员核实", "checked by staff"),
    "declared": ("企业自报", "stated by the enterprise"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One text a word may have: its code in expressions, and what people call it."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the vocabulary.

    ``unit``: a code such as CNY, person, share (0..1), year, item; empty for what has none.
    ``is_judged``: only a person can say it, so that missing means *needs a person*.
    ``formula``: a derived word, written in other words; never stored.
    ``sources``: the kinds of source it may come from, best first; codes of `SOURCES`.
    ``is_fixed``: nobody can change it (the day of registration, the industry), so that no change of
    it is ever proposed; where it counts years, waiting is.
    """

    name: str
    zh: str
    en: str
    kind: Kind = Kind.NUMBER
    unit: str = ""
    group: str = ""
    period: str = ""
    meaning_zh: str = ""
    meaning_en: str = ""
    sources: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    is_judged: bool = False
    formula: str = ""
    is_fixed: bool = False

    def label(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en

    def meaning(self, language: str) -> str:
        return self.meaning_zh if language.startswith("zh") else self.meaning_en

    def source_names(self, language: str) -> list[str]:
        """The kinds of source in the reader's words."""
        place = 0 if language.startswith("zh") else 1
        return [SOURCES.get(code, (code, code))[place] for code in self.sources]


class Lender(Protocol):
    """A room's part of the vocabulary of one kind of subject, and how its values are fetched."""

    subject: str
    """``party`` for firms; other rooms lend words of other things, such as an application."""

    def words(self, zone_id: int) -> Sequence[Word]:
        """The words, as they stand in a zone."""

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> "pa.Table":
        """What is known of the subjects: a column ``id`` (int64) and one for each word asked for.

        ``as_of`` is the day the words are about (it fixes y1 … and what is in force); ``known_at``
        the moment up to which knowledge counts, so that an old evaluation can be run again.
        A fact nobody knows is null. Numbers are float64, flags bool, days date32, texts string.
        ``ids`` None: every subject of the zone. Subjects without any fact may be left out.
        """
