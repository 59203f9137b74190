"""What growth tells the room of rules: where a rule is used, and where its facts come from."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.facts import queries as facts
from xiaoer.facts.models import Column, SourceKind
from xiaoer.growth.models import (
    Alert,
    Designation,
    Ladder,
    LadderParameter,
    Title,
    TitleKind,
    WatchList,
)
from xiaoer.growth.vocabulary.ladders import DECIDED
from xiaoer.growth.vocabulary.titles import FLAG_WORDS, LATER_OF, TITLE_WORDS
from xiaoer.registry.queries import numbers_of
from xiaoer.rules.models import Rule
from xiaoer.rules.origins import Asked, Origin
from xiaoer.rules.uses import Use
from xiaoer.web.words import in_chinese

_TITLE_NAMES = frozenset(word.name for word in (*TITLE_WORDS, *FLAG_WORDS))


# Used in ------------------------------------------------------------------------------------------


def uses(rule: Rule) -> list[Use]:
    """The rung of a ladder, the titles, watch-lists and alerts a rule decides."""
    return [*_of_ladders(rule), *_of_titles(rule), *_of_lists(rule), *_of_alerts(rule)]


def _of_ladders(rule: Rule) -> Iterator[Use]:
    if rule.kind == Rule.Kind.RUNG and rule.ladder in Ladder.values:
        words = _("%(ladder)s, step %(step)d") % {
            "ladder": Ladder(rule.ladder).label,
            "step": rule.step,
        }
        yield Use(words, reverse("ladders"))


def _of_titles(rule: Rule) -> Iterator[Use]:
    for kind in TitleKind.objects.filter(zone_id=rule.zone_id, rule_code=rule.code):
        words = _("title %(name)s") % {"name": _named(kind.name, kind.name_en)}
        yield Use(words, reverse("title_kinds"))


def _of_lists(rule: Rule) -> Iterator[Use]:
    for row in WatchList.objects.filter(zone_id=rule.zone_id, rule=rule, is_active=True):
        words = _("watch-list %(name)s") % {"name": _named(row.name, row.name_en)}
        yield Use(words, reverse("watch_list", args=[row.pk]))


def _of_alerts(rule: Rule) -> Iterator[Use]:
    if rule.kind == Rule.Kind.ALERT:
        fresh = Alert.objects.filter(zone_id=rule.zone_id, rule=rule, state=Alert.State.NEW)
        words = _("alerts, %(count)d to be looked into") % {"count": fresh.count()}
        yield Use(words, f"{reverse('alerts')}?rule={rule.code}")


def _named(name: str, name_en: str) -> str:
    return name if in_chinese() or not name_en else name_en


# Where facts come from ----------------------------------------------------------------------------


def origins(asked: Asked) -> dict[str, Origin]:
    """Every word this room or one below can account for."""
    return {
        **dict(_of_facts(asked)),
        **dict(_of_parameters(asked)),
        **dict(_of_decisions(asked)),
        **dict(_of_register(asked)),
    }


def _of_facts(asked: Asked) -> Iterator[tuple[str, Origin]]:
    party = asked.party
    known = facts.provenance(
        zone_id=party.zone_id,
        party_id=party.pk,
        names=asked.names,
        as_of=asked.as_of,
        known_at=asked.known_at,
    )
    for name, one in known.items():
        if one.is_known or one.bound:
            yield (
                name,
                Origin(
                    source=_source(one),
                    period=one.period.show(get_language() or "zh-hans") if one.period else "",
                    known_on=timezone.localdate(one.known_at) if one.known_at else None,
                    to=reverse("firm_word", args=[party.pk, name]),
                    has_paper=bool(one.attribute and one.attribute.evidence_id),
                ),
            )


def _source(one: facts.Known) -> str:
    if not one.source:
        return _("registry")
    kind = Column(one.column).label if one.column else SourceKind(one.source_kind).label
    return f"{kind} · {one.source}"


def _of_parameters(asked: Asked) -> Iterator[tuple[str, Origin]]:
    rows = LadderParameter.objects.filter(zone_id=asked.party.zone_id, code__in=asked.names)
    for row in rows:
        yield row.code, Origin(_("parameter of the zone"), to=reverse("ladder_settings"))


def _of_decisions(asked: Asked) -> Iterator[tuple[str, Origin]]:
    kinds = {DECIDED[name]: name for name in asked.names if name in DECIDED}
    if not kinds:
        return
    rows = Designation.objects.filter(
        Q(until__isnull=True) | Q(until__gte=asked.as_of),
        party_id__in=numbers_of(party=asked.party),
        kind__in=kinds,
        since__lte=asked.as_of,
        recorded_at__lte=asked.known_at,
    )
    for row in rows.order_by("since"):
        yield (
            kinds[Designation.Kind(row.kind)],
            Origin(
                f"{row.document} {row.document_no}".strip(),
                known_on=timezone.localdate(row.recorded_at),
                to=reverse("designations"),
                has_paper=row.file_id is not None,
            ),
        )


def _of_register(asked: Asked) -> Iterator[tuple[str, Origin]]:
    """Titles by their paper; whoever holds none is told by the register as a whole."""
    wanted = [name for name in asked.names if name in _TITLE_NAMES]
    if not wanted:
        return
    feeds = {part: name for name in wanted for part in LATER_OF.get(name, (name,))}
    for name in wanted:
        yield name, Origin(_("register of titles of the zone"), to=reverse("title_kinds"))
    rows = Title.objects.filter(
        party_id__in=numbers_of(party=asked.party),
        kind__feeds__in=feeds,
        granted_on__lte=asked.as_of,
        recorded_at__lte=asked.known_at,
        superseded_at__isnull=True,
    ).select_related("kind")
    for row in rows.order_by("granted_on"):
        paper = f"{row.document} {row.document_no}".strip()
        yield (
            feeds[row.kind.feeds],
            Origin(
                paper or _named(row.kind.name, row.kind.name_en),
                known_on=timezone.localdate(row.recorded_at),
                to=reverse("title", args=[row.pk]),
            ),
        )
