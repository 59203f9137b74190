"""The values a proposal is computed with: what weighs how much, and how far it may go.

All are this product's own proposals (mark D), for each zone to change; a zone's own value stands in
``RedrawingRule`` with its source, and a single proposal may be asked with others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import RedrawingRule
from xiaoer.registry.redrawing.loads import loads

PROPOSED = "系统建议值，不是任何机关的规定"
WEIGHT = "weight_"


@dataclass(frozen=True, slots=True)
class Kind:
    """A value: what it is called, in which unit, and between which bounds it makes sense."""

    code: str
    label: str | Promise
    unit: str | Promise
    value: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A value as it holds in a zone, with where it comes from."""

    kind: Kind
    value: int
    source: str
    mark: str
    version: int

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def is_weight(self) -> bool:
        return self.code.startswith(WEIGHT)


_points, _percent = gettext_lazy("points"), gettext_lazy("%")
_metres = gettext_lazy("m")


def kinds() -> tuple[Kind, ...]:
    """Every value there is, weights first; upper rooms lend some."""
    return (
        Kind("weight_base", gettext_lazy("every enterprise"), _points, 10, 0, 1000),
        *(Kind(f"{WEIGHT}{one.code}", one.label, _points, one.points, 0, 1000) for one in loads()),
        Kind(
            "weight_km", gettext_lazy("every kilometre from the middle of its cell"), _points, 1,
            0, 100,
        ),
        Kind("bound_most", gettext_lazy("most an officer carries, of the mean"), _percent, 110, 100, 300),
        Kind("bound_least", gettext_lazy("least an officer carries, of the mean"), _percent, 85, 0, 100),
        Kind("bound_moved", gettext_lazy("enterprises that may change officer or cell"), _percent, 100, 0, 100),
        Kind("move_officer", gettext_lazy("another officer is worth a way of"), _metres, 2000, 0, 10_000),
        Kind("move_cell", gettext_lazy("another cell is worth a further way of"), _metres, 3000, 0, 10_000),
        Kind("limit_seconds", gettext_lazy("longest time to compute"), gettext_lazy("s"), 25, 5, 300),
    )  # fmt: skip


def rules_of(by: Actor) -> tuple[Rule, ...]:
    """The values in force in a zone."""
    own = {rule.code: rule for rule in RedrawingRule.objects.filter(zone_id=by.zone_id)}
    return tuple(_rule(kind, own.get(kind.code)) for kind in kinds())


def _rule(kind: Kind, own: RedrawingRule | None) -> Rule:
    if own is None:
        return Rule(kind, kind.value, PROPOSED, "D", 0)
    return Rule(kind, own.value, own.source, own.mark, own.version)


def kind_of(code: str) -> Kind:
    found = next((kind for kind in kinds() if kind.code == code), None)
    if found is None:
        raise Refused(_("There is no value with this code; choose one of the list."), field="code")
    return found


def must_be_sound(values: Mapping[str, int]) -> None:
    """Refuse values that make no sense, each by its name, and weights that are all zero."""
    for code, value in values.items():
        kind = kind_of(code)
        if not kind.least <= value <= kind.most:
            raise Refused(
                _("“%(name)s”: type a whole number from %(least)d to %(most)d.")
                % {"name": kind.label, "least": kind.least, "most": kind.most},
                field=code,
            )
    if not any(value for code, value in values.items() if code.startswith(WEIGHT)):
        raise Refused(
            _(
                "All weights are zero, so that every share is equally good;"
                " give at least “every enterprise” some points."
            ),
            field="weight_base",
        )
