"""What verbs of projects begin with: the row locked, the project neither given up nor moved away."""

from decimal import Decimal
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from xiaoer.base import checking
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.models import Project

M = TypeVar("M", bound=Model)
MOST = Decimal("99999999999.999")


def locked(model: type[M], by: Actor, number: int) -> M:
    """The row of the actor's zone, locked; one that is not there is refused, and so is an outsider."""
    # Outside roles lock nothing; to them the database would answer with an error.
    access.must_be_staff(by)
    return checking.locked(model, by, number)


def living(by: Actor, project: Project) -> Project:
    """The project, locked, and neither given up nor moved away."""
    row = locked(Project, by, project.pk)
    if row.ended_on is not None:
        raise Refused(
            _("“%(name)s” ended on %(day)s: %(why)s")
            % {"name": row.name, "day": row.ended_on.isoformat(), "why": row.ended_why}
        )
    return row


def exact(amount: Decimal | None, field: str = "amount") -> Decimal | None:
    """An amount above nothing with three decimals at most; what is finer is refused, not rounded."""
    if amount is None:
        return None
    if not amount.is_finite() or not 0 < amount <= MOST:
        raise Refused(_("Type an amount above zero."), field=field)
    kept = amount.quantize(Decimal("0.001"))
    if kept != amount:
        raise Refused(_("At most three decimals are kept; type the amount again."), field=field)
    return kept
