"""Giving papers with an application: brought, used again, or promised for later."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import files
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import actions as papers
from xiaoer.papers import queries as held
from xiaoer.papers.models import HeldPaper, PaperConsent, PaperField, PaperKind
from xiaoer.permits import applicant_access as access
from xiaoer.permits.actions.filling import fill_from_papers
from xiaoer.permits.actions.holding_case import (
    State,
    case_in_hand,
    must_be_fillable,
    must_be_in,
    save_case,
    tell_case,
)
from xiaoer.permits.definition import Material
from xiaoer.permits.models import Case, CaseMaterial
from xiaoer.permits.wording import read_definition
from xiaoer.web.words import local_date
from xiaoer.work import queries as work

Given = CaseMaterial.State
READ = "read_material"


@transaction.atomic
def give_material(
    *, by: Actor, now: datetime, case: Case, paper_code: str, upload: files.Named
) -> CaseMaterial:
    """Give a paper with the application. The file goes through the same gate as every other.

    For a party known here it is held at once, so that nobody asks for it again; what a stranger
    brings waits until the application is submitted and its party is known.
    """
    with case_in_hand(by, case, now) as row:
        material, wanted = _wanted(row, paper_code)
        file = files.keep_file(by=by, now=now, stream=upload, name=upload.name or "")
        name = (upload.name or wanted.name)[:200]
        material.file, material.file_name = file, name
        material.paper, material.reading = None, None
        _settle(material, Given.GIVEN, now)
        # What is held for a party it gives itself, or staff for it; its agent's file stays here.
        if row.party is not None and (by.is_staff or access.is_applicant(by, row)) and not by.key:
            material.paper = _hold(by, now, row, file, name, paper_code)
        material.save()
        _ask_reading(material)
        tell_case(
            row, by=by, now=now, verb="give_material", paper=wanted.name, sha256=file.sha256[:16]
        )
    return material


def _hold(
    by: Actor, now: datetime, row: Case, file: StoredFile, name: str, paper_code: str
) -> HeldPaper | None:
    kind = PaperKind.objects.filter(zone_id=row.zone_id, code=paper_code).first()
    # A paper made for one application alone stays with it.
    if kind is None or row.party is None or not kind.is_reusable:
        return None
    paper = papers.hold_paper(by=by, now=now, party=row.party, kind=kind, file=file, name=name)
    papers.use_paper(by=by, now=now, paper=paper, subject=row, words=_consent(row))
    return paper


def _consent(row: Case) -> str:
    return _("Used for “%(thing)s”, %(number)s.") % {
        "thing": row.thing_version.thing.name,
        "number": row.number,
    }


def _wanted(row: Case, paper_code: str) -> tuple[CaseMaterial, Material]:
    """The material's row, locked, and what the definition says of it."""
    definition = read_definition(row.thing_version.body)
    wanted = next((one for one in definition.materials if one.paper == paper_code), None)
    if wanted is None:
        raise Refused(_("This application asks for no such paper."), field="paper")
    material, _made = CaseMaterial.objects.get_or_create(
        case=row,
        paper_code=paper_code,
        defaults={
            "zone_id": row.zone_id,
            "name": wanted.name,
            "order": definition.materials.index(wanted),
        },
    )
    material = CaseMaterial.objects.select_for_update().get(pk=material.pk)
    _must_be_open(row, material)
    return material, wanted


def _must_be_open(row: Case, material: CaseMaterial) -> None:
    """Papers come with the draft or a supplement; one promised, or taken back, at any time."""
    if row.state in {State.SUBMITTED, State.RUNNING} and (
        material.state in {Given.PROMISED, Given.BROKEN}
        or (material.state == Given.MISSING and material.is_wrong)
    ):
        return
    must_be_fillable(row)


def _settle(material: CaseMaterial, state: CaseMaterial.State, now: datetime) -> None:
    material.state, material.given_at = state, now
    material.is_wrong, material.wrong_why = False, ""
    if state != Given.PROMISED:
        material.promised_until = None


def _ask_reading(material: CaseMaterial) -> None:
    """Have it read in the background, where something of its kind can be read."""
    fields = PaperField.objects.filter(
        kind__zone_id=material.zone_id, kind__code=material.paper_code
    )
    if fields.exists():
        app.configure_task(READ).defer(zone_id=material.zone_id, material_id=material.pk)


@transaction.atomic
def read_material(*, by: Actor, now: datetime, material: CaseMaterial) -> CaseMaterial:
    """Read a paper given with a draft, and fill in what it says; whoever typed knows better."""
    kind = PaperKind.objects.filter(zone_id=by.zone_id, code=material.paper_code).first()
    file = material.file
    if kind is None or file is None or material.reading_id is not None:
        return material
    reading = papers.read_paper(by=by, now=now, file=file, kind=kind)
    row = CaseMaterial.objects.select_for_update(of=("self",)).get(pk=material.pk)
    if row.file_id != file.pk:
        # Another file came meanwhile; that one is read by its own job.
        return row
    row.reading = reading
    row.save(update_fields=["reading"])
    fill_from_papers(by=by, now=now, case=Case(pk=row.case_id, zone_id=row.zone_id))
    return row


@transaction.atomic
def use_held(*, by: Actor, now: datetime, case: Case, paper_code: str) -> CaseMaterial:
    """Use a paper that is held already, with the party's consent to this use, kept with its day."""
    with case_in_hand(by, case, now) as row:
        if not by.is_staff:
            access.must_be_applicant(by, row)
        material, _wanted_one = _wanted(row, paper_code)
        if row.party_id is None or by.key:
            raise Refused(
                _("Sign in for the enterprise to use papers held here; or give this one anew."),
                field="paper",
            )
        standing = held.standing_papers(
            zone_id=row.zone_id, party_id=row.party_id, codes=[paper_code], on=local_date(now)
        )
        paper = standing.get(paper_code)
        if paper is None:
            raise Refused(
                _("No “%(paper)s” that still holds is kept here; please give it.")
                % {"paper": material.name},
                field="paper",
            )
        papers.use_paper(by=by, now=now, paper=paper, subject=row, words=_consent(row))
        material.paper, material.file, material.file_name = paper, paper.file, paper.name
        material.reading = None
        _settle(material, Given.HELD, now)
        material.save()
        _ask_reading(material)
        tell_case(row, by=by, now=now, verb="use_held", paper=material.name)
    return material


@transaction.atomic
def promise_material(*, by: Actor, now: datetime, case: Case, paper_code: str) -> CaseMaterial:
    """容缺: promise a paper for later, where the definition allows it and for so many days."""
    with case_in_hand(by, case, now) as row:
        must_be_fillable(row)
        material, wanted = _wanted(row, paper_code)
        if not wanted.may_follow:
            raise Refused(
                _("“%(paper)s” is needed from the beginning; it cannot follow later.")
                % {"paper": wanted.name},
                field="paper",
            )
        calendar = work.calendar_of(row.zone_id)
        material.promised_until = calendar.add_working_days(
            local_date(now), max(wanted.follow_days, 1)
        )
        material.paper, material.file, material.reading = None, None, None
        material.file_name = ""
        _settle(material, Given.PROMISED, now)
        material.save()
        tell_case(
            row,
            by=by,
            now=now,
            verb="promise_material",
            paper=wanted.name,
            until=material.promised_until.isoformat(),
        )
    return material


@transaction.atomic
def take_back_material(*, by: Actor, now: datetime, case: Case, paper_code: str) -> CaseMaterial:
    """Take a paper out of a draft again; what is held for the party stays held."""
    with case_in_hand(by, case, now) as row:
        must_be_in(row, frozenset({State.DRAFT}), _("Papers are taken out of drafts only."))
        material, wanted = _wanted(row, paper_code)
        paper = material.paper
        _empty(material)
        material.save()
        if paper is not None and not by.key:
            _end_consent(row, paper, by=by, now=now)
        tell_case(row, by=by, now=now, verb="take_back_material", paper=wanted.name, is_shown=False)
    return material


def _end_consent(row: Case, paper: HeldPaper, *, by: Actor, now: datetime) -> None:
    """What is not used any more is not agreed to any more."""
    consent = PaperConsent.objects.filter(
        zone_id=row.zone_id,
        paper=paper,
        subject_type=Case._meta.db_table,
        subject_id=row.pk,
        withdrawn_at__isnull=True,
    ).first()
    if consent is not None:
        papers.withdraw_consent(by=by, now=now, consent=consent)


def _empty(material: CaseMaterial) -> None:
    material.paper, material.file, material.reading = None, None, None
    material.file_name, material.given_at, material.promised_until = "", None, None
    material.state = Given.MISSING


# In these a consent is still taken back; later what was decided on the paper stands.
NOT_DECIDED = frozenset({State.DRAFT, State.SUBMITTED, State.SUPPLEMENT, State.RUNNING})


def lose_paper(*, consent: PaperConsent, by: Actor, now: datetime, **_more: object) -> None:
    """A consent was taken back: the application lacks the paper from here on, and says so."""
    if consent.subject_type != Case._meta.db_table:
        return
    row = (
        Case.objects.select_for_update(of=("self",))
        .select_related("thing_version__thing", "party", "matter")
        .get(zone_id=consent.zone_id, pk=consent.subject_id)
    )
    if row.state not in NOT_DECIDED:
        raise Refused(
            _("%(number)s is closed or decided; what it was decided on stays with it.")
            % {"number": row.number}
        )
    material = row.materials.select_for_update().filter(paper_id=consent.paper_id).first()
    if material is None:
        return
    _must_not_be_decided_on(row, material)
    _empty(material)
    if row.state != State.DRAFT:
        material.is_wrong, material.wrong_why = True, _("the consent to use it was taken back")
    material.save()
    tell_case(row, by=by, now=now, verb="lose_paper", paper=material.name)


def _must_not_be_decided_on(row: Case, material: CaseMaterial) -> None:
    """A part decided already rests on its papers."""
    definition = read_definition(row.thing_version.body)
    wanted = next((one for one in definition.materials if one.paper == material.paper_code), None)
    decided = row.items.filter(decided_at__isnull=False)
    if wanted is not None and wanted.items:
        decided = decided.filter(code__in=wanted.items)
    if (first := decided.first()) is not None:
        raise Refused(
            _("“%(item)s” of %(number)s was decided on this paper; it stays with it.")
            % {"item": first.name, "number": row.number}
        )


@transaction.atomic
def sign_promise(*, by: Actor, now: datetime, case: Case, words: str = "") -> Case:
    """告知承诺: the applicant says that what is told is so; the words are kept as they were shown."""
    with case_in_hand(by, case, now) as row:
        must_be_in(row, frozenset({State.DRAFT}), _("The promise is signed in the draft."))
        access.must_be_applicant(by, row)
        definition = read_definition(row.thing_version.body)
        named = [item.name for item in definition.items if item.promise_route]
        if not named:
            raise Refused(_("Nothing here is decided on a promise; no signature is needed."))
        row.promise_words = words.strip()[:4000] or promise_text(named)
        row.promised_signed_at = now
        save_case(row, "promise_words", "promised_signed_at")
        tell_case(row, by=by, now=now, verb="sign_promise", items=named)
    return row


def promise_text(items: list[str]) -> str:
    """The promise as it is shown and signed; always Chinese, as it is an official paper."""
    return (
        f"本人（本单位）已知悉办理“{'、'.join(items)}”的条件和要求，承诺：所填信息和所交材料真实有效；"
        "已符合告知的条件；愿意承担虚假承诺、违反承诺的法律责任，接受核查和撤销决定。"
    )
