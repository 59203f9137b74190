"""密封条: the folded slip that carries a new password or a one-time code to one person.

Printed on one side of A5 and folded in three like a Z: the name shows outside, the secret lies
inside. Always Chinese. Nothing is kept: neither here nor in the compiler's memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from xiaoer.web import press

TEMPLATES = Path(__file__).resolve().parent / "templates" / "base"


class SlipKind(StrEnum):
    """What the secret is called on the paper."""

    PASSWORD = "登录密码"  # noqa: S105 (the word, not one)
    CODE = "一次性验证码"


@dataclass(frozen=True, slots=True)
class Slip:
    """One secret for one person. ``expires`` None: the secret holds until it is changed."""

    zone_name: str
    person: str
    account: str
    secret: str
    expires: datetime | None
    steps: tuple[str, ...]
    kind: SlipKind = SlipKind.PASSWORD


def slip_pdf(slip: Slip, *, made_at: datetime | None = None) -> bytes:
    """One slip on a page of A5."""
    return slips_pdf((slip,), made_at=made_at)


def slips_pdf(slips: Sequence[Slip], *, made_at: datetime | None = None) -> bytes:
    """One page of A5 for each slip, as when officers are added from a sheet."""
    if not slips:
        raise ValueError("no slips to print")
    pdf = press.compile_pdf(
        TEMPLATES / "slip.typ",
        {
            "slips": [_as_printed(slip) for slip in slips],
            "made_at": None if made_at is None else press.paper_time(made_at),
        },
        made_at=made_at,
    )
    press.forget_papers()
    return pdf


def _as_printed(slip: Slip) -> dict[str, object]:
    return {
        "zone": slip.zone_name,
        "person": slip.person,
        "account": slip.account,
        "secret": slip.secret,
        "holds": _holds(slip),
        "steps": list(slip.steps),
        "kind": slip.kind.value,
    }


def _holds(slip: Slip) -> str:
    """How long the secret is good for, in words that leave no doubt what to do by then."""
    act = "只能使用一次" if slip.kind is SlipKind.CODE else "首次登录须修改"
    return act if slip.expires is None else f"{press.paper_time(slip.expires)} 前有效，{act}"
