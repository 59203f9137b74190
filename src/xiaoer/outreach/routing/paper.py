"""路线单: a day's routes on A4, one officer a page. Always Chinese, ink only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xiaoer.web import press

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "outreach" / "rounds.typ"


@dataclass(frozen=True, slots=True)
class PaperStop:
    """A line of the paper."""

    order: int
    begins: str
    ends: str
    enterprise: str
    address: str
    person: str
    phone: str
    purpose: str
    question: str
    way: str
    note: str


@dataclass(frozen=True, slots=True)
class PaperRound:
    """An officer's page."""

    day: date
    officer: str
    office: str
    sets_out: str
    comes_back: str
    kilometres: str
    span: str
    is_draft: bool
    stops: tuple[PaperStop, ...]


def rounds_pdf(rounds: Sequence[PaperRound], *, zone: str, made_at: datetime) -> bytes:
    """The paper, in the order given."""
    return press.compile_pdf(
        TEMPLATE,
        {
            "zone": zone,
            "made_at": press.paper_time(made_at),
            "rounds": [
                {
                    "day": press.paper_date(row.day),
                    "officer": row.officer,
                    "office": row.office,
                    "sets_out": row.sets_out,
                    "comes_back": row.comes_back,
                    "kilometres": row.kilometres,
                    "span": row.span,
                    "is_draft": row.is_draft,
                    "stops": [
                        {field: getattr(stop, field) for field in PaperStop.__slots__}
                        for stop in row.stops
                    ],
                }
                for row in rounds
            ],
        },
        made_at=made_at,
    )
