"""What is known of a case, source by source, ready to be decided on; it asks and changes nothing.

Every statement says where it comes from, when it was asked, how surely it was read and where on
which paper it can be seen. The same is frozen with the decision.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.papers.models import FieldRead, HeldPaper, Licence, PaperField, PaperKind, Reading
from xiaoer.papers.months import last_day
from xiaoer.permits.automatic.adopting import with_adopted
from xiaoer.permits.automatic.deciding import Input, Said, fact, normal, parts, plain, settled
from xiaoer.permits.automatic.packs import SUBJECT, Doubt, Same, Terms, Value
from xiaoer.permits.automatic.registers import Registers
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import AutoDecision, AutoPack, Case, CaseEvent, CaseMaterial
from xiaoer.permits.queries.case_papers import file_of, reading_of
from xiaoer.permits.scenario import lay_out
from xiaoer.permits.typed import yuan_of
from xiaoer.permits.wording import read_definition
from xiaoer.registry.models import Party
from xiaoer.rules.queries.evaluating import InForce, Words, in_force
from xiaoer.rules.vocabularies import vocabulary
from xiaoer.web.words import local_date

VIOLATIONS = "violation"
SUBMITTING = ("submit_case", "answer_supplement")
SPEAKS = (Role.ENTERPRISE, Role.PARTY)
# After a licence was revoked nobody is granted one unseen for so long (Licensing Law, art. 79).
BARRED_YEARS = 3
APPLICANT_DAYS = 30
# Told to a person, but no sign of a picture worked on: how surely it was read says the rest.
HARMLESS = ("seal", "glare")
LATER = (CaseMaterial.State.PROMISED, CaseMaterial.State.BROKEN)
HERE = (CaseMaterial.State.GIVEN, CaseMaterial.State.HELD)
ENDED = (
    Case.State.DRAFT,
    Case.State.WITHDRAWN,
    Case.State.NOT_ACCEPTED,
    Case.State.NOT_NEEDED,
    Case.State.WRONG_PLACE,
    Case.State.ENDED,
)
# What a decision may read of the applicant's entry.
COLUMNS = ("name", "credit_code", "legal_representative", "address", "registered_on")
_UNTIL, _ISSUED = "valid_until", ("issued_on", "reported_on")


@dataclass(frozen=True, slots=True)
class Take:
    """How much a grant takes of a field of a register's entry."""

    entry: int
    field: str
    amount: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that decides a case. ``same_key``: alike in two cases, they are one application."""

    inputs: tuple[Input, ...]
    terms: Terms
    rule: InForce | None
    words: Words
    papers: list[dict[str, Any]]
    signs: list[dict[str, Any]]
    engines: list[str]
    takes: tuple[Take, ...]
    same_key: str


@dataclass
class _Sheet:
    """A case with its papers and what was read off them, as one look at the tables found it."""

    case: Case
    pack: AutoPack
    terms: Terms
    now: datetime
    materials: list[CaseMaterial]
    kinds: dict[str, PaperKind]
    fields: dict[tuple[int, str], FieldRead]
    limits: dict[tuple[int, str], int]
    registers: Registers
    definition: Definition
    facts: dict[str, object | None] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def party_id(self) -> int:
        """0 where nobody is known: that finds nothing, and no safeguard holds for nobody."""
        return self.case.party_id or 0

    @property
    def amounts(self) -> frozenset[str]:
        """Fields of the form that hold money: kept in fen, stated in yuan like all the others."""
        return frozenset(one.code for one in self.definition.fields if one.sort == "money")

    def material(self, code: str) -> CaseMaterial | None:
        return next((one for one in self.materials if one.paper_code == code), None)


def gather(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    pack: AutoPack,
    terms: Terms,
    adopted: Mapping[str, Said] | None = None,
) -> Gathered:
    """Everything its pack and the safeguards ask about a case, as it is now.

    ``adopted``: what a person settled of typed or read values, looking at the papers.
    """
    sheet = _sheet(by, now, case, pack, terms)
    words = Words(vocabulary(by.zone_id, f"{SUBJECT}{pack.code}").words)
    found = in_force(
        zone_id=by.zone_id,
        as_of=sheet.today,
        codes=[pack.rule_code],
        words=words,
        subject=f"{SUBJECT}{pack.code}",
    )
    rule = found[0] if len(found) == 1 else None
    stated = with_adopted(
        (one for value in terms.values for one in _stated(sheet, value)), adopted or {}
    )
    by_name = _settle(sheet, stated)
    shared = _shared(sheet, by_name)
    _settle(sheet, [*stated, *shared])
    same_key = _same_key(sheet)
    guards = _guards(sheet, rule, same_key)
    return Gathered(
        inputs=(*stated, *shared, *guards),
        terms=terms,
        rule=rule,
        words=words,
        papers=_papers(sheet),
        signs=_signs(sheet),
        engines=sorted({one.reading.engine for one in sheet.materials if one.reading}),
        takes=tuple(_takes(sheet, shared)),
        same_key=same_key,
    )


def _sheet(by: Actor, now: datetime, case: Case, pack: AutoPack, terms: Terms) -> _Sheet:
    materials = list(
        CaseMaterial.objects.filter(case=case)
        .select_related("paper__file", "paper__kind", "file", "reading")
        .order_by("order", "id")
    )
    for one in materials:
        one.reading = reading_of(one)
    codes = [one.paper_code for one in materials]
    kinds = {row.code: row for row in PaperKind.objects.filter(zone_id=by.zone_id, code__in=codes)}
    read = [one.reading.pk for one in materials if one.reading]
    fields = {(row.reading_id, row.code): row for row in FieldRead.objects.filter(reading__in=read)}
    limits = {
        (row.kind_id, row.code): row.least_confidence
        for row in PaperField.objects.filter(kind__in=[kind.pk for kind in kinds.values()])
    }
    registers = Registers.of(by.zone_id, now, [VIOLATIONS, *_register_codes(terms)])
    definition = read_definition(case.thing_version.body)
    return _Sheet(case, pack, terms, now, materials, kinds, fields, limits, registers, definition)


def _register_codes(terms: Terms) -> list[str]:
    return [
        source.split(".")[1]
        for value in terms.values
        for source in value.sources
        if source.startswith("register.")
    ]


# Statements about values -------------------------------------------------------------------------


def _stated(sheet: _Sheet, value: Value) -> Iterable[Input]:
    """What the form, the papers, the registry and the promise state of a value."""
    for source in value.sources:
        kind, _dot, rest = source.partition(".")
        match kind:
            case "form":
                yield _typed(sheet, value, source, rest)
            case "paper":
                yield _read(sheet, value, source, rest)
            case "registry":
                yield _kept(sheet, value, source, rest)
            case "promise":
                yield Input(value.name, source, sheet.case.promised_signed_at is not None)
            case "register":
                pass
            case _:
                raise ValueError(f"no such source: {source}")


def _typed(sheet: _Sheet, value: Value, source: str, code: str) -> Input:
    said = sheet.case.form.get(code)
    if code in sheet.amounts:
        said = yuan_of(said)
    at = sheet.case.received_at or sheet.now
    return Input(value.name, source, _said(said), at=at.isoformat(), field=code)


def _said(value: object) -> Said:
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    return str(value)


def _read(sheet: _Sheet, value: Value, source: str, rest: str) -> Input:
    code, _dot, name = rest.partition(".")
    material = sheet.material(code)
    if material is None or material.reading is None:
        return Input(value.name, source, field=name, why=Doubt.MISSING)
    reading = material.reading
    sha256 = reading.file.sha256
    if reading.state != Reading.State.DONE:
        return Input(
            value.name, source, hash=sha256, reading=reading.pk, field=name, why=Doubt.UNREAD,
            at=reading.at.isoformat(),
        )  # fmt: skip
    read = sheet.fields.get((reading.pk, name))
    least = max(
        sheet.pack.least_confidence, value.least, sheet.limits.get((reading.kind_id, name), 100)
    )
    return Input(
        value.name,
        source,
        read.value or None if read else None,
        confidence=read.confidence if read else 0.0,
        least=least / 100,
        at=reading.at.isoformat(),
        hash=sha256,
        reading=reading.pk,
        field=name,
        why="" if read and read.value else Doubt.MISSING,
        others=tuple(str(one) for one in read.others) if read else (),
    )


def _kept(sheet: _Sheet, value: Value, source: str, column: str) -> Input:
    if column not in COLUMNS:
        raise ValueError(f"no such column of the registry: {column}")
    party = sheet.case.party
    said = getattr(party, column) if party is not None else None
    at = party.changed_at.isoformat() if party is not None else ""
    return Input(value.name, source, plain(said) if said else None, at=at)


def _settle(sheet: _Sheet, said: Sequence[Input]) -> dict[str, object | None]:
    """The values that stand so far; those of registers wait for their keys."""
    for value in sheet.terms.values:
        own = [one for one in said if one.name == value.name]
        # A register's own statement may still be lacking: what the others state is the key.
        known = [source for source in value.sources if any(one.source == source for one in own)]
        if not known:
            sheet.facts[value.name] = None
            continue
        partial = Value(
            value.name, value.zh, value.en, tuple(known), value.kind, value.unit, value.same,
            value.choices,
        )  # fmt: skip
        sheet.facts[value.name], _doubt = settled(partial, own)
    return sheet.facts


def _shared(sheet: _Sheet, facts: Mapping[str, object | None]) -> list[Input]:
    """What shared registers state. A key may itself come from a register: asked in rounds."""
    asked = [
        (value, source, source.split("."))
        for value in sheet.terms.values
        for source in value.sources
        if source.startswith("register.")
    ]
    found: list[Input] = []
    open_ones = list(asked)
    known = dict(facts)
    while open_ones:
        names = {value.name for value, _source, _parts in open_ones}
        # A key some register still has to state waits for it; one of its own ring never comes.
        ready = (
            [one for one in open_ones if known.get(one[2][2]) is not None]
            or [one for one in open_ones if one[2][2] not in names]
            or open_ones
        )
        sheet.registers.fetch(
            (code, normal(key))
            for value, _source, (_register, code, name, _field) in ready
            for key in _keys(sheet.terms, name, known)
        )
        for value, source, (_register, code, name, column) in ready:
            one = _answered(
                sheet, value, source, code, _keys(sheet.terms, name, known), column, known
            )
            found.append(one)
            if known.get(value.name) is None and one.value is not None:
                known[value.name] = fact(value, one.value)
        open_ones = [one for one in open_ones if one not in ready]
    return found


def _keys(terms: Terms, name: str, facts: Mapping[str, object | None]) -> list[str]:
    said = facts.get(name)
    if said is None:
        return []
    value = terms.value(name)
    return parts(said) if value is not None and value.same is Same.MANY else [str(said)]


def _answered(
    sheet: _Sheet,
    value: Value,
    source: str,
    code: str,
    keys: Sequence[str],
    column: str,
    facts: Mapping[str, object | None],
) -> Input:
    days = _days(sheet, value, facts)
    if days is None or not keys:
        return Input(value.name, source, field=column, why=Doubt.UNKNOWN_KEY)
    if column:
        answer = sheet.registers.says(code, keys, column, days)
    else:
        answer = sheet.registers.listed(code, keys, days)
    said = hashlib.sha256(f"{code}|{sorted(keys)}|{column}|{answer.value}".encode()).hexdigest()
    return Input(
        value.name, source, answer.value, at=answer.at, hash=said, field=column,
        why=answer.why, entry=answer.entries[0] if len(answer.entries) == 1 else None,
    )  # fmt: skip


def _days(
    sheet: _Sheet, value: Value, facts: Mapping[str, object | None]
) -> tuple[date, date] | None:
    if not value.over:
        return sheet.today, sheet.today
    first, last = (facts.get(name) for name in value.over)
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        return None
    return min(first, sheet.today), last


def _takes(sheet: _Sheet, shared: Iterable[Input]) -> Iterable[Take]:
    for one in shared:
        value = sheet.terms.value(one.name)
        if value is None or not value.takes or one.entry is None:
            continue
        amount = sheet.facts.get(value.takes)
        if isinstance(amount, float) and amount >= 0:
            yield Take(one.entry, one.field, amount)


def _same_key(sheet: _Sheet) -> str:
    """What makes an application the same as another; empty where it is not known yet."""
    names = sheet.terms.same_case
    if not names:
        return ""
    said = [sheet.facts.get(name) for name in names]
    if any(one is None for one in said):
        return ""
    return hashlib.sha256("|".join(normal(one) for one in said).encode()).hexdigest()


# Safeguards --------------------------------------------------------------------------------------


def _guards(sheet: _Sheet, rule: InForce | None, same_key: str) -> list[Input]:
    case, pack = sheet.case, sheet.pack
    shadow = pack.state == AutoPack.State.SHADOW
    is_authorised = rule is not None and rule.version_id == pack.authorised_version_id
    said: dict[str, tuple[bool | None, tuple[str, ...]]] = {
        "applicant_known": (_is_known(case.party), ()),
        "applicant_sure": (_is_sure(case), ()),
        "papers_here": _all_here(sheet),
        "papers_read": _all_read(sheet),
        "papers_hold": _all_hold(sheet),
        "papers_alone": _all_alone(sheet),
        "papers_unedited": _none(
            one["paper"] for one in _signs(sheet) if one.get("code") not in HARMLESS
        ),
        "case_alone": _is_alone(sheet, same_key),
        "no_violation": _is_clean(sheet),
        "promise_given": (
            not sheet.terms.by_promise
            or (case.promised_signed_at is not None and bool(case.promise_words)),
            (),
        ),
        "pack_on": (pack.state != AutoPack.State.OFF, (pack.state,)),
        "law_checked": (
            pack.law_checked_until is not None and pack.law_checked_until >= sheet.today,
            (),
        ),
        # In shadow a person decides; what is to be authorised is being tried.
        "rule_authorised": (is_authorised or (shadow and rule is not None), ()),
        "within_limits": _within_limits(sheet),
    }
    at = sheet.now.isoformat()
    return [
        Input(name, "guard", holds, at=at, others=tuple(sorted(set(what))))
        for name, (holds, what) in said.items()
    ]


_Guard = tuple[bool | None, tuple[str, ...]]


def _none(found: Iterable[str]) -> _Guard:
    what = tuple(found)
    return not what, what


def _is_known(party: Party | None) -> bool:
    return (
        party is not None
        and bool(party.credit_code)
        and party.status == Party.Status.OPERATING
        and party.merged_into_id is None
    )


def _is_sure(case: Case) -> bool:
    """Submitted, and supplemented, by somebody signed in to speak for the applicant.

    Not by the holder of a link, who may type any firm's code; nor by a counter or an agent, where a
    person stands in between anyway.
    """
    said = CaseEvent.objects.filter(case=case, verb__in=SUBMITTING).select_related("post")
    posts = [one.post for one in said]
    return (
        case.channel == Case.Channel.ONLINE
        and case.party_id is not None
        and bool(posts)
        and all(
            post is not None and post.role in SPEAKS and post.party_ref == case.party_id
            for post in posts
        )
    )


def _all_here(sheet: _Sheet) -> _Guard:
    """Every paper the case asks for is here itself, and none of them named as wrong."""
    case = sheet.case
    outline = lay_out(sheet.definition, case.answers, case.form)
    if outline.unknown or outline.questions_open:
        return None, tuple(one.code for one in outline.unknown)
    needed = {one.paper for one in outline.materials if one.is_needed}
    lacking = needed - {
        one.paper_code for one in sheet.materials if one.state in HERE and file_of(one) is not None
    }
    lacking |= {one.paper_code for one in sheet.materials if one.is_wrong or one.state in LATER}
    return _none(lacking)


def _all_read(sheet: _Sheet) -> _Guard:
    return _none(
        one.paper_code
        for one in sheet.materials
        if file_of(one) is not None
        and (one.reading is None or one.reading.state != Reading.State.DONE)
    )


def _all_hold(sheet: _Sheet) -> _Guard:
    """None withdrawn, replaced, past its last day; of a kind that ages, its day must be known."""
    return _none(one.paper_code for one in sheet.materials if not _holds(sheet, one))


def _holds(sheet: _Sheet, one: CaseMaterial) -> bool:
    paper = one.paper
    if paper is not None:
        if paper.withdrawn_at is not None or paper.replaced_by_id is not None:
            return False
        if paper.valid_until is not None and paper.valid_until < sheet.today:
            return False
    if one.reading is None:
        return file_of(one) is None
    until = _day_read(sheet, one.reading, _UNTIL)
    if until is not None and until < sheet.today:
        return False
    kind = sheet.kinds.get(one.paper_code)
    if kind is None:
        return False
    if kind.valid_months is None or until is not None:
        return True
    issued = next((day for name in _ISSUED if (day := _day_read(sheet, one.reading, name))), None)
    issued = issued or (paper.issued_on if paper is not None else None)
    if issued is None or issued > sheet.today:
        return False
    return last_day(issued, kind.valid_months) >= sheet.today


def _day_read(sheet: _Sheet, reading: Reading, name: str) -> date | None:
    read = sheet.fields.get((reading.pk, name))
    try:
        return date.fromisoformat(read.value) if read and read.value else None
    except ValueError:
        return None


def _all_alone(sheet: _Sheet) -> _Guard:
    """No paper is another party's; what is made for one application stands in one alone."""
    files = {file.pk: one for one in sheet.materials if (file := file_of(one)) is not None}
    others = HeldPaper.objects.filter(zone_id=sheet.case.zone_id, file__in=files).exclude(
        party_id=sheet.party_id
    )
    found = {files[number].paper_code for number in others.values_list("file_id", flat=True)}
    found |= {
        one.paper_code
        for one in sheet.materials
        if one.paper is not None and one.paper.party_id != sheet.case.party_id
    }
    elsewhere = (
        CaseMaterial.objects.filter(zone_id=sheet.case.zone_id, state__in=HERE)
        .filter(Q(file__in=files) | Q(paper__file__in=files))
        .exclude(case=sheet.case)
        .exclude(case__state__in=ENDED)
        .values_list("file_id", "paper__file_id", "case__party_id")
    )
    for direct, held, party in elsewhere:
        one = files.get(direct) or files.get(held)
        if one is None:
            continue
        kind = sheet.kinds.get(one.paper_code)
        if party != sheet.case.party_id or kind is None or not kind.is_reusable:
            found.add(one.paper_code)
    # The same file twice within one application states one thing twice.
    if len(files) != sum(file_of(one) is not None for one in sheet.materials):
        found.add("twice")
    return _none(found)


def _is_alone(sheet: _Sheet, same_key: str) -> _Guard:
    """No other application of the same: by what the pack compares, else of the same thing at all."""
    if sheet.terms.same_case:
        if not same_key:
            return None, ()
        found = (
            AutoDecision.objects.filter(
                zone_id=sheet.case.zone_id, pack=sheet.pack, same_key=same_key
            )
            .exclude(case=sheet.case)
            .exclude(case__state__in=ENDED)
            .values_list("case__number", flat=True)[:3]
        )
        return _none(found)
    others = (
        Case.objects.filter(
            zone_id=sheet.case.zone_id,
            party_id=sheet.party_id,
            thing_version__thing_id=sheet.pack.thing_id,
        )
        .exclude(pk=sheet.case.pk)
        .exclude(state__in=ENDED)
        .values_list("number", flat=True)[:3]
    )
    return _none(others)


def _is_clean(sheet: _Sheet) -> _Guard:
    """No open violation in the shared register, no licence revoked here within the years of the law."""
    party = sheet.case.party
    if party is None or not party.credit_code:
        return None, ()
    revoked = Licence.objects.filter(
        zone_id=sheet.case.zone_id,
        party=party,
        state=Licence.State.REVOKED,
        issued_on__gte=sheet.today - timedelta(days=366 * (BARRED_YEARS + 5)),
    ).exists()
    if revoked:
        return False, ("revoked",)
    why = sheet.registers.why_not(VIOLATIONS)
    if why:
        return None, (why,)
    sheet.registers.fetch([(VIOLATIONS, normal(party.credit_code))])
    days = (sheet.today, sheet.today)
    return not sheet.registers.listed(VIOLATIONS, [party.credit_code], days).value, ()


def _within_limits(sheet: _Sheet) -> _Guard:
    """How many the machine granted: today by the pack, in thirty days to the applicant."""
    granted = AutoDecision.objects.filter(
        zone_id=sheet.case.zone_id, pack=sheet.pack, outcome=AutoDecision.Outcome.GRANTED
    )
    today = granted.filter(on=sheet.today).count()
    since = sheet.now - timedelta(days=APPLICANT_DAYS)
    to_one = granted.filter(case__party_id=sheet.party_id, at__gte=since).count()
    found = [
        *(["day"] if today >= sheet.pack.daily_limit else []),
        *(["applicant"] if to_one >= sheet.pack.applicant_limit else []),
    ]
    return _none(found)


# What is kept beside ------------------------------------------------------------------------------


def _papers(sheet: _Sheet) -> list[dict[str, Any]]:
    return [
        {
            "code": one.paper_code,
            "name": one.name,
            "sha256": file.sha256,
            "reading": one.reading.pk if one.reading else None,
        }
        for one in sheet.materials
        if (file := file_of(one)) is not None
    ]


def _signs(sheet: _Sheet) -> list[dict[str, Any]]:
    return [
        {"paper": one.paper_code, **sign}
        for one in sheet.materials
        if one.reading is not None
        for sign in one.reading.signs
    ]
