"""Verbs about firms and persons: added, changed, admitted to a cell, moved, closed."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import JournalLine
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.verbs import verb_name
from xiaoer.registry import access, codes
from xiaoer.registry.models import Cell, Park, Party, PartyName
from xiaoer.registry.names import normalise, terms_of
from xiaoer.registry.words import detail_words

# Acts about a party that leave its own facts, and so its version, as they are.
_BESIDE = (
    "look_at_phone",
    "assign_steward",
    "end_stewardship",
    "name_monitoring_firm",
    "end_monitoring",
)


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What the registry holds of a firm or person.

    None leaves a fact as it is; ``emptied`` names the facts that are no longer known.
    """

    name: str | None = None
    kind: str | None = None
    credit_code: str | None = None
    industry: str | None = None
    status: str | None = None
    capital_fen: int | None = None
    capital_currency: str | None = None
    registered_on: date | None = None
    address: str | None = None
    business: str | None = None
    legal_representative: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    park: Park | None = None
    emptied: frozenset[str] = frozenset()

    def given(self) -> dict[str, object]:
        """Facts that were given, by the name of their column."""
        names = [field.name for field in fields(self) if field.name != "emptied"]
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None} | {
            name: _nothing(name) for name in self.emptied
        }


@transaction.atomic
def add_party(*, by: Actor, now: datetime, facts: PartyFacts, cell: Cell | None = None) -> Party:
    """Add a firm or person; with ``cell`` it is at once an enterprise of the zone."""
    access.must_write_registry(by)
    values = _read(facts)
    if not normalise(str(values.get("name", ""))):
        raise Refused(_("Type the registered name."), field="name")
    # Two persons may well have one name; who is who, the room that deals with them knows.
    is_person = values.get("kind") == Party.Kind.PERSON
    _must_be_new(by, "" if is_person else str(values["name"]), str(values.get("credit_code", "")))
    party = Party(zone_id=by.zone_id, **values, added_at=now, changed_at=now)
    _must_fit_in_a_cell(party, cell)
    party.cell = cell
    party.terms = terms_of(party.name, (), party.credit_code or party.old_register_no)
    party.save(force_insert=True)
    journal.record(
        by=by,
        now=now,
        verb="add_party",
        subject=party,
        party_ref=party.pk,
        name=party.name,
        cell=cell.code if cell else None,
    )
    return party


@transaction.atomic
def change_party(
    *, by: Actor, now: datetime, party: Party, facts: PartyFacts, version: int
) -> Party:
    """Change facts of a firm. ``version`` is what the reader saw; a newer one is told, not lost."""
    access.must_write_registry(by)
    party = lock_party(party)
    if party.version != version:
        raise Refused(who_was_faster(party))
    values = _read(facts)
    changes = {name: value for name, value in values.items() if getattr(party, name) != value}
    if not changes:
        return party
    _must_be_new(
        by, str(changes.get("name", "")), str(changes.get("credit_code", "")), but=party.pk
    )
    before = {name: _plain(getattr(party, name)) for name in changes}
    if "name" in changes:
        PartyName.objects.create(
            zone_id=party.zone_id, party=party, kind=PartyName.Kind.FORMER, name=party.name
        )
    for name, value in changes.items():
        setattr(party, name, value)
    save_party(party, now)
    journal.record(
        by=by,
        now=now,
        verb="change_party",
        subject=party,
        party_ref=party.pk,
        before=before,
        after={name: _plain(value) for name, value in changes.items()},
    )
    return party


@transaction.atomic
def add_name(*, by: Actor, now: datetime, party: Party, name: str, kind: str) -> PartyName:
    """Note a former or short name, so that a search by it finds the firm."""
    access.must_write_registry(by)
    party = lock_party(party)
    if not normalise(name):
        raise Refused(_("Type the name."), field="name")
    row = PartyName.objects.create(zone_id=party.zone_id, party=party, kind=kind, name=name.strip())
    save_party(party, now)
    journal.record(by=by, now=now, verb="add_name", subject=party, party_ref=party.pk, name=name)
    return row


@transaction.atomic
def admit_enterprise(*, by: Actor, now: datetime, party: Party, cell: Cell) -> Party:
    """Make a party an enterprise of the zone: it belongs to exactly this cell from now on."""
    access.must_write_registry(by)
    party = lock_party(party)
    if party.cell_id is not None:
        raise Refused(
            _("%(name)s is already in cell %(cell)s; move it instead.")
            % {"name": party.name, "cell": party.cell}
        )
    return _put_into(by=by, now=now, party=party, cell=cell, verb="admit_enterprise")


@transaction.atomic
def move_to_cell(*, by: Actor, now: datetime, party: Party, cell: Cell) -> Party:
    """Move an enterprise to another cell; its stewards stay until others are named."""
    access.must_keep_registry(by)
    party = lock_party(party)
    if party.cell_id is None:
        raise Refused(_("%(name)s is in no cell; admit it first.") % {"name": party.name})
    return _put_into(by=by, now=now, party=party, cell=cell, verb="move_to_cell")


@transaction.atomic
def close_party(*, by: Actor, now: datetime, party: Party, status: str, reason: str) -> Party:
    """Note that a firm moved out or ended; its records stay. A reason is kept."""
    access.must_write_registry(by)
    party = lock_party(party)
    if status not in (Party.Status.MOVED_OUT, Party.Status.REVOKED, Party.Status.CANCELLED):
        raise Refused(_("Choose how it ended: moved out, revoked or deregistered."), field="status")
    if not reason.strip():
        raise Refused(_("Say in a few words why."), field="reason")
    if len(reason) > 500:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": 500},
            field="reason",
        )
    before = party.status
    party.status = status
    save_party(party, now)
    journal.record(
        by=by,
        now=now,
        verb="close_party",
        subject=party,
        party_ref=party.pk,
        before=before,
        after=status,
        reason=reason.strip(),
    )
    return party


@transaction.atomic
def look_at_phone(*, by: Actor, now: datetime, party: Party) -> str:
    """The contact's full number. Whoever looks leaves a line in the journal."""
    access.must_write_registry(by)
    if not party.contact_phone:
        raise Refused(_("No phone number of %(name)s is known.") % {"name": party.name})
    journal.record(by=by, now=now, verb="look_at_phone", subject=party, party_ref=party.pk)
    return party.contact_phone


def lock_party(party: Party) -> Party:
    """The row as it is now, locked; a merged one points to the one that stayed."""
    locked = Party.objects.select_for_update().get(pk=party.pk)
    if locked.merged_into_id is not None:
        raise Refused(
            _("%(name)s was merged into %(kept)s; work with that one.")
            % {"name": locked.name, "kept": locked.merged_into}
        )
    return locked


def save_party(party: Party, now: datetime) -> None:
    """Save a changed party: searchable by what it is called now, one version further."""
    others = list(party.other_names.values_list("name", flat=True))
    party.terms = terms_of(party.name, others, party.credit_code or party.old_register_no)
    party.version += 1
    party.changed_at = now
    party.save()


def who_was_faster(party: Party) -> str:
    """Who changed a party since the reader opened it, and what, for the refusal."""
    line = (
        JournalLine.objects.filter(zone_id=party.zone_id, subject_type="party", subject_id=party.pk)
        .exclude(verb__in=_BESIDE)
        .order_by("-id")
        .first()
    )
    if line is None:
        return _("Somebody changed this meanwhile. Open the page again and repeat your change.")
    return _(
        "%(who)s changed this meanwhile (%(what)s). Open the page again and repeat your change."
    ) % {"who": line.who, "what": detail_words(line.verb, line.detail) or verb_name(line.verb)}


def _put_into(*, by: Actor, now: datetime, party: Party, cell: Cell, verb: str) -> Party:
    _must_fit_in_a_cell(party, cell)
    before = party.cell
    if before is not None and before.pk == cell.pk:
        raise Refused(
            _("%(name)s is already in cell %(cell)s.") % {"name": party.name, "cell": cell}
        )
    party.cell = cell
    save_party(party, now)
    journal.record(
        by=by,
        now=now,
        verb=verb,
        subject=party,
        party_ref=party.pk,
        before=before.code if before else None,
        after=cell.code,
    )
    return party


def _must_fit_in_a_cell(party: Party, cell: Cell | None) -> None:
    if cell is not None and party.kind == Party.Kind.PERSON:
        raise Refused(_("A natural person belongs to no cell; choose another kind."), field="kind")


def _must_be_new(by: Actor, name: str, code: str, but: int | None = None) -> None:
    """A code is of one party; the same name twice is most likely the same firm."""
    others = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    if but is not None:
        others = others.exclude(pk=but)
    same_code = others.filter(credit_code=code).first() if code else None
    if same_code is not None:
        raise Refused(
            _("The credit code %(code)s belongs to %(name)s already.")
            % {"code": code, "name": same_code.name},
            field="credit_code",
        )
    if name and others.filter(name=name).exists():
        raise Refused(
            _("%(name)s is in the registry already; open it instead of adding it again.")
            % {"name": name},
            field="name",
        )


def _read(facts: PartyFacts) -> dict[str, object]:
    """The facts as columns: trimmed, code and industry checked, section from the industry."""
    values = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in facts.given().items()
    }
    if values.get("credit_code"):
        values |= _read_code(str(values["credit_code"]))
    if "industry" in values:
        values |= _read_industry(str(values["industry"]))
    for name, value in values.items():
        _must_fit(name, value)
    return values


def _must_fit(name: str, value: object) -> None:
    longest = getattr(Party._meta.get_field(name), "max_length", None)
    if isinstance(value, str) and longest and len(value) > longest:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": longest},
            field=name,
        )
    if name == "capital_fen" and isinstance(value, int) and value < 0:
        raise Refused(_("Capital is not below zero; leave it empty when unknown."), field="capital")
    choices = Party._meta.get_field(name).choices  # type: ignore[union-attr]  # columns only
    if choices and value not in dict(choices):
        raise Refused(_("Choose one of the list."), field=name)


def _read_code(typed: str) -> dict[str, object]:
    try:
        code = codes.read_credit_code(typed)
    except Unreadable as error:
        raise Refused(str(error), field="credit_code") from error
    if isinstance(code, codes.OldNumber):
        return {"credit_code": "", "old_register_no": code.number}
    return {"credit_code": code.code if code else ""}


def _read_industry(typed: str) -> dict[str, object]:
    try:
        industry = codes.read_industry(typed)
    except Unreadable as error:
        raise Refused(str(error), field="industry") from error
    return {"industry": industry or "", "section": codes.section_of(industry or "") or ""}


def _nothing(name: str) -> object:
    """What a column holds when the fact is not known."""
    return None if Party._meta.get_field(name).null else ""


def _plain(value: object) -> object:
    """A value as JSON of the journal holds it."""
    return value if isinstance(value, (int, float, str)) or value is None else str(value)
