"""What people see of unattended approval: the queue, one decision with its sources, packs in figures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.base.words import Kind
from xiaoer.papers.models import Licence, PaperKind
from xiaoer.permits.automatic.adopting import ADOPTED, is_by_eye
from xiaoer.permits.automatic.deciding import comparable
from xiaoer.permits.automatic.packs import Terms, Value, read_terms
from xiaoer.permits.automatic_words import DOUBTS, GUARD_NAMES
from xiaoer.permits.models import (
    AutoDecision,
    AutoPack,
    AutoReview,
    Case,
    CaseItem,
    PostCheck,
    SharedEntry,
    SharedRegister,
)
from xiaoer.web.words import moment, named

Why = AutoReview.Why
QUEUE = 100
# Marks of verdicts by the engine's states.
MARKS = {"met": "met", "not_met": "gap", "needs_data": "data", "needs_person": "person"}


# The queue ---------------------------------------------------------------------------------------


def open_reviews(*, zone_id: int) -> QuerySet[AutoReview]:
    """What waits for a person, the oldest first: what was left open and what was drawn."""
    return (
        AutoReview.objects.filter(
            Q(why=Why.SAMPLE) | Q(case__state=Case.State.SUBMITTED),
            zone_id=zone_id,
            done_at__isnull=True,
        )
        .select_related("case__thing_version__thing", "case__party", "decision")
        .order_by("opened_at", "id")
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue: what, for whom, and in a few words why a person has to look."""

    id: int
    thing: str
    applicant: str
    opened_at: datetime
    why: str


def waiting(*, by: Actor) -> list[Waiting]:
    return [
        Waiting(
            id=one.pk,
            thing=one.case.thing_version.thing.name,
            applicant=one.case.applicant_name,
            opened_at=one.opened_at,
            why=_short(one),
        )
        for one in open_reviews(zone_id=by.zone_id)[:QUEUE]
    ]


def _short(review: AutoReview) -> str:
    if review.why == Why.SAMPLE:
        return _("drawn at random; the licence is out")
    if review.decision.doubts:
        return doubt_line(review.decision.doubts[0])
    return str(review.get_why_display())


def doubt_line(doubt: Mapping[str, Any]) -> str:
    """运输总量：各来源不一致."""
    why = str(DOUBTS.get(doubt["why"], doubt["why"]))
    return f"{doubt_name(doubt)}：{why}"


def doubt_name(doubt: Mapping[str, Any]) -> str:
    in_english = not (get_language() or "zh").startswith("zh")
    words = (doubt["words_en"] or doubt["words"]) if in_english else doubt["words"]
    return str(words or GUARD_NAMES.get(doubt["field"], doubt["field"]))


@dataclass(frozen=True, slots=True)
class Today:
    granted: int
    left: int


def decided_today(*, zone_id: int, since: datetime) -> Today:
    rows = dict(
        AutoDecision.objects.filter(zone_id=zone_id, at__gte=since)
        .order_by()
        .values_list("outcome")
        .annotate(count=Count("id"))
    )
    granted = rows.pop(AutoDecision.Outcome.GRANTED, 0)
    return Today(granted, sum(rows.values()))


# One decision ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statement:
    """One source's value, beside the others. ``is_odd``: it differs from most."""

    source: str
    who: str
    value: str
    how: str
    sure: str
    is_odd: bool
    may_adopt: bool


@dataclass(frozen=True, slots=True)
class DoubtShown:
    """A doubt with what its sources state. ``crop`` is the place of the field in the inputs."""

    field: str
    name: str
    why: str
    statements: tuple[Statement, ...]
    crop: str
    unit: str

    @property
    def adoptable(self) -> tuple[Statement, ...]:
        """One statement for each value that a person may say holds."""
        found: dict[str, Statement] = {}
        for one in self.statements:
            if one.may_adopt:
                found.setdefault(one.value, one)
        # What most sources state stands first.
        return tuple(sorted(found.values(), key=lambda one: one.is_odd))


@dataclass(frozen=True, slots=True)
class ClauseShown:
    number: int
    name: str
    mark: str
    read: str


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """A decision as people read it: doubts, conditions, and what it rests on."""

    decision: AutoDecision
    doubts: tuple[DoubtShown, ...]
    clauses: tuple[ClauseShown, ...]
    failed_guards: tuple[str, ...]
    papers: tuple[tuple[str, str], ...]
    inputs: int

    @property
    def met(self) -> int:
        return sum(one.mark == "met" for one in self.clauses)


def review_of(*, by: Actor, review_id: int) -> AutoReview | None:
    return (
        AutoReview.objects.filter(zone_id=by.zone_id, pk=review_id)
        .select_related(
            "case__thing_version__thing", "case__party", "case__desk", "decision__pack__thing",
            "decision__rule_version", "decision__basis", "post__person", "task",
        )
        .first()
    )  # fmt: skip


def decision_of(*, by: Actor, decision_id: int) -> AutoDecision | None:
    return (
        AutoDecision.objects.filter(zone_id=by.zone_id, pk=decision_id)
        .select_related("case__thing_version__thing", "case__party", "pack__thing", "rule_version", "basis")
        .prefetch_related(Prefetch("reviews", AutoReview.objects.select_related("post__person")))
        .first()
    )  # fmt: skip


def shown(decision: AutoDecision) -> DecisionShown:
    """A decision with the words of its sources; two questions beside the decision itself."""
    kinds, registers = _names(decision.zone_id)
    terms = read_terms(decision.basis.content["terms"] if decision.basis else decision.pack.body)
    return DecisionShown(
        decision=decision,
        doubts=tuple(_doubt(one, terms, kinds, registers) for one in decision.doubts),
        clauses=tuple(_clause(number, one) for number, one in enumerate(decision.clauses, 1)),
        failed_guards=tuple(
            str(GUARD_NAMES.get(one["field"], one["field"]))
            for one in decision.doubts
            if one["why"] == "guard"
        ),
        papers=tuple(
            (kinds.get(one["code"], one["code"]), str(one["sha256"])) for one in decision.papers
        ),
        inputs=len(decision.inputs),
    )


def _doubt(
    doubt: Mapping[str, Any], terms: Terms, kinds: Mapping[str, str], registers: Mapping[str, str]
) -> DoubtShown:
    value = terms.value(doubt["field"])
    said = [one for one in doubt["values"] if one["source"] != "guard"]
    compared = [
        comparable(value, one["value"]) if value and one["value"] not in (None, "") else None
        for one in said
    ]
    most = Counter(one for one in compared if one is not None).most_common(1)
    usual = most[0][0] if most and most[0][1] > 1 else None
    ruled = {
        one
        for one, source in zip(compared, said, strict=True)
        if one is not None and not is_by_eye(source["source"])
    }
    return DoubtShown(
        field=doubt["field"],
        name=doubt_name(doubt),
        why=str(DOUBTS.get(doubt["why"], doubt["why"])),
        statements=tuple(
            Statement(
                source=one["source"],
                who=source_words(one["source"], kinds, registers),
                value="" if one["value"] is None else str(one["value"]),
                how=_how(one),
                sure=_sure(one),
                is_odd=usual is not None and same is not None and same != usual,
                may_adopt=same is not None and (not ruled or ruled == {same}),
            )
            for one, same in zip(said, compared, strict=True)
        ),
        crop=_crop(said, compared, usual),
        unit=value.unit if value else "",
    )


def source_words(source: str, kinds: Mapping[str, str], registers: Mapping[str, str]) -> str:
    kind, _dot, rest = source.partition(".")
    code = rest.partition(".")[0]
    match kind:
        case "form":
            return _("typed by the applicant")
        case "paper":
            return _("read off: %(paper)s") % {"paper": kinds.get(code, code)}
        case "registry":
            return _("the registry")
        case "register":
            return _("shared: %(register)s") % {"register": registers.get(code, code)}
        case "promise":
            return _("the promise")
    return source


def _how(one: Mapping[str, Any]) -> str:
    if one["why"] == ADOPTED:
        return _("settled by a person")
    if one["why"]:
        return str(DOUBTS.get(one["why"], one["why"]))
    at = moment(datetime.fromisoformat(one["at"])) if one["at"] else ""
    others = "、".join(one["others"])
    if not others or one["source"] == "guard":
        return at
    return at + " · " + _("also read: %(others)s") % {"others": others}


def _sure(one: Mapping[str, Any]) -> str:
    """How sure a reading is, and how sure it would have to be; others vouch for themselves."""
    if one["source"].startswith("paper."):
        return f"{one['confidence']:.2f} / {one['least']:.2f}"
    if one["source"].startswith("form."):
        return _("the applicant's own word")
    return _("authoritative")


def _crop(said: list[dict[str, Any]], compared: list[object], usual: object) -> str:
    """The reading to show: of a paper that differs, else the first that was read."""
    read = [
        (one, same)
        for one, same in zip(said, compared, strict=True)
        if one["source"].startswith("paper.") and one["reading"]
    ]
    odd = [one for one, same in read if usual is not None and same != usual]
    first = odd[0] if odd else (read[0][0] if read else None)
    return f"{first['reading']}-{first['field']}" if first else ""


def _clause(number: int, one: Mapping[str, Any]) -> ClauseShown:
    in_english = not (get_language() or "zh").startswith("zh")
    read = "，".join(filter(None, map(_read_value, one["read"].values())))
    return ClauseShown(
        number,
        (one["name_en"] or one["name"]) if in_english else one["name"],
        MARKS.get(one["state"], "person"),
        read[:40] or ("" if not one["missing"] else _("lacking")),
    )


def _read_value(value: object) -> str:
    """A figure, day or name a condition looked at; yes, no and codes say nothing beside a verdict."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return f"{value:,.0f}"
    words = str(value)
    return "" if words.isascii() and words.isidentifier() else words


def licences_of(*, case: Case) -> list[Licence]:
    rows = CaseItem.objects.filter(case=case, licence__isnull=False).select_related("licence")
    return [one.licence for one in rows if one.licence]


@dataclass(frozen=True, slots=True)
class StatementKept:
    """A line of what was frozen: value, source, statement."""

    name: str
    who: str
    value: str
    sure: str
    how: str


def statements_of(decision: AutoDecision) -> list[StatementKept]:
    """Everything a decision saw, safeguards last."""
    kinds, registers = _names(decision.zone_id)
    terms = read_terms(decision.basis.content["terms"] if decision.basis else decision.pack.body)
    in_english = not (get_language() or "zh").startswith("zh")
    found = []
    for one in decision.inputs:
        value = terms.value(one["name"])
        if one["source"] == "guard":
            name, who = str(GUARD_NAMES.get(one["name"], one["name"])), _("safeguard")
        else:
            name = (value.en if in_english else value.zh) if value else one["name"]
            who = source_words(one["source"], kinds, registers)
        sure = "" if one["source"] == "guard" else _sure(one)
        found.append(StatementKept(name, who, _said(one["value"], value), sure, _how(one)))
    return found


def _said(said: object, value: Value | None) -> str:
    if said is None:
        return "–"
    if isinstance(said, bool) or (value and value.kind == Kind.FLAG and said in ("yes", "no")):
        return _("yes") if said in (True, "yes") else _("no")
    in_english = not (get_language() or "zh").startswith("zh")
    choices = {one.code: one.en if in_english else one.zh for one in value.choices} if value else {}
    return str(choices.get(str(said), said))


def _names(zone_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """Names of kinds of paper and of registers in the reader's language, by their codes."""
    kinds = PaperKind.objects.filter(zone_id=zone_id).only("code", "name", "name_en")
    registers = SharedRegister.objects.filter(zone_id=zone_id).only("code", "name", "name_en")
    return {one.code: named(one) for one in kinds}, {one.code: named(one) for one in registers}


def values_asked(pack: AutoPack) -> list[tuple[Value, list[str]]]:
    """What a pack asks, each with its sources in words."""
    kinds, registers = _names(pack.zone_id)
    return [
        (value, [source_words(source, kinds, registers) for source in value.sources])
        for value in read_terms(pack.body).values
    ]


# Packs and their figures -------------------------------------------------------------------------


def packs(*, zone_id: int) -> QuerySet[AutoPack]:
    return (
        AutoPack.objects.filter(zone_id=zone_id)
        .select_related(
            "thing", "switched_by__person", "authorised_by__person", "authorised_second__person",
            "authorised_version",
        )
        .order_by("thing__order", "id")
    )  # fmt: skip


def pack_of(*, by: Actor, pack_id: int) -> AutoPack | None:
    return packs(zone_id=by.zone_id).filter(pk=pack_id).first()


@dataclass(frozen=True, slots=True)
class PackFigures:
    """A pack in a period. Shares are None where nothing was decided or looked at."""

    granted: int
    with_adopted: int
    to_person: int
    shadow: int
    mean_ms: float | None
    fallen_out: tuple[tuple[str, str, int], ...]
    sampled: int
    disagreed: int
    checks: int
    checks_failed: int
    revoked: int
    shadow_same: int
    shadow_other: int

    @property
    def decided(self) -> int:
        return self.granted + self.to_person + self.shadow

    @property
    def share_granted(self) -> float | None:
        return self.granted * 100 / self.decided if self.decided else None

    @property
    def disagreement(self) -> float | None:
        return self.disagreed * 100 / self.sampled if self.sampled else None

    @property
    def mean_seconds(self) -> float | None:
        return None if self.mean_ms is None else self.mean_ms / 1000


FALLEN_OUT = """
select d ->> 'field', d ->> 'words', d ->> 'words_en', d ->> 'why', count(distinct a.id)
from auto_decision a, jsonb_array_elements(a.doubts) d
where a.zone_id = %s and a.pack_id = %s and a.outcome = 'to_person' and a.at >= %s
group by 1, 2, 3, 4 order by 5 desc, 1 limit 12
"""


def pack_figures(*, pack: AutoPack, since: datetime) -> PackFigures:
    """What became of a pack's cases since a moment; a fixed number of questions."""
    rows = AutoDecision.objects.filter(zone_id=pack.zone_id, pack=pack, at__gte=since)
    was = AutoDecision.Outcome
    said = rows.aggregate(
        granted=Count("id", filter=Q(outcome=was.GRANTED)),
        to_person=Count("id", filter=Q(outcome=was.TO_PERSON)),
        shadow=Count("id", filter=Q(outcome=was.SHADOW)),
        mean=Avg("took_ms", filter=Q(outcome=was.GRANTED)),
    )
    granted = rows.filter(outcome=was.GRANTED)
    looked = AutoReview.objects.filter(decision__in=rows).aggregate(
        sampled=Count("id", filter=Q(why=Why.SAMPLE, done_at__isnull=False)),
        disagreed=Count("id", filter=Q(outcome=AutoReview.Outcome.DISAGREED)),
    )
    checked = PostCheck.objects.filter(decision__in=rows, done_at__isnull=False).aggregate(
        all=Count("id"), failed=Count("id", filter=Q(result=PostCheck.Result.FAILED))
    )
    items = CaseItem.objects.filter(case__in=granted.values("case"))
    shadows = CaseItem.objects.filter(
        case__in=rows.filter(outcome=was.SHADOW).values("case"), decided_at__isnull=False
    )
    same = Q(state__in=(CaseItem.State.GRANTED, CaseItem.State.FILED))
    compared = shadows.aggregate(same=Count("id", filter=same), other=Count("id", filter=~same))
    with connection.cursor() as cursor:
        cursor.execute(FALLEN_OUT, [pack.zone_id, pack.pk, since])
        fallen = cursor.fetchall()
    return PackFigures(
        granted=said["granted"],
        with_adopted=granted.filter(
            case__auto_reviews__outcome=AutoReview.Outcome.ADOPTED
        ).values("case").distinct().count(),
        to_person=said["to_person"],
        shadow=said["shadow"],
        mean_ms=said["mean"],
        fallen_out=tuple(
            (
                doubt_name({"field": field, "words": words, "words_en": words_en}),
                str(DOUBTS.get(why, why)),
                count,
            )
            for field, words, words_en, why, count in fallen
        ),
        sampled=looked["sampled"],
        disagreed=looked["disagreed"],
        checks=checked["all"],
        checks_failed=checked["failed"],
        revoked=items.filter(licence__state=Licence.State.REVOKED).count(),
        shadow_same=compared["same"],
        shadow_other=compared["other"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MonthLooked:
    """Grants looked at in a month, and in how many the person saw it otherwise."""

    month: date
    looked: int
    disagreed: int

    @property
    def share(self) -> float:
        return self.disagreed * 100 / self.looked if self.looked else 0.0


def disagreement(*, zone_id: int, since: datetime) -> list[MonthLooked]:
    """Month by month, the latest first."""
    rows = (
        AutoReview.objects.filter(
            zone_id=zone_id, why=Why.SAMPLE, done_at__isnull=False, done_at__gte=since
        )
        .annotate(month=TruncMonth("done_at"))
        .order_by()
        .values("month")
        .annotate(
            looked=Count("id"),
            disagreed=Count("id", filter=Q(outcome=AutoReview.Outcome.DISAGREED)),
        )
        .order_by("-month")
    )
    return [MonthLooked(row["month"].date(), row["looked"], row["disagreed"]) for row in rows]


def samples(*, zone_id: int) -> QuerySet[AutoReview]:
    """Grants drawn for a look; open ones first, then the latest."""
    return (
        AutoReview.objects.filter(zone_id=zone_id, why=Why.SAMPLE)
        .select_related("case__thing_version__thing", "case__party", "post__person", "decision")
        .order_by(F("done_at").desc(nulls_first=True), "-id")
    )


def post_checks(*, zone_id: int, is_open: bool = True) -> QuerySet[PostCheck]:
    rows = PostCheck.objects.filter(zone_id=zone_id, done_at__isnull=is_open)
    return rows.select_related(
        "case__thing_version__thing", "case__party", "office", "post__person", "second__person"
    ).order_by("due_at" if is_open else "-done_at")


def check_of(*, by: Actor, check_id: int) -> PostCheck | None:
    rows = PostCheck.objects.filter(zone_id=by.zone_id, pk=check_id)
    return rows.select_related(
        "case__thing_version__thing", "case__party", "office", "post__person", "second__person",
        "decision",
    ).first()  # fmt: skip


def decisions(
    *, zone_id: int, pack_id: int | None = None, outcome: str = ""
) -> QuerySet[AutoDecision]:
    rows = AutoDecision.objects.filter(zone_id=zone_id)
    if pack_id:
        rows = rows.filter(pack_id=pack_id)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return rows.select_related("case__party", "pack__thing").order_by("-id")


# Shared registers --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterStanding:
    """A register now: how many entries stand in it, and whether it is believed."""

    register: SharedRegister
    entries: int
    is_fresh: bool

    @property
    def is_believed(self) -> bool:
        return self.is_fresh and not self.register.is_stopped


def register_standings(*, zone_id: int, now: datetime) -> list[RegisterStanding]:
    rows = SharedRegister.objects.filter(zone_id=zone_id).annotate(
        standing=Count("entries", filter=Q(entries__ended_at__isnull=True))
    )
    return [RegisterStanding(row, row.standing, is_fresh(row, now)) for row in rows]


def is_fresh(row: SharedRegister, now: datetime) -> bool:
    return row.fetched_at is not None and now - row.fetched_at <= timedelta(hours=row.fresh_hours)


def register_of(*, by: Actor, register_id: int) -> SharedRegister | None:
    return SharedRegister.objects.filter(zone_id=by.zone_id, pk=register_id).first()


def entries_of(
    *, register: SharedRegister, words: str = "", ended: bool = False
) -> QuerySet[SharedEntry]:
    rows = SharedEntry.objects.filter(zone_id=register.zone_id, register=register)
    if not ended:
        rows = rows.filter(ended_at__isnull=True)
    if words:
        rows = rows.filter(Q(key__contains=words.upper()) | Q(name__contains=words))
    return rows.order_by("key")
