"""API of licences, of papers held to be used again, and of the public check."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, UploadedFile

from xiaoer.base import files
from xiaoer.base.api.shapes import Day, Line, Number
from xiaoer.base.api_door import PROBLEMS, READ, WITHOUT_TOKEN, WRITE, ApiRefused, api, key_api
from xiaoer.base.doors import found
from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.papers import access, queries
from xiaoer.papers import actions as papers
from xiaoer.papers.api import licence_shapes as s
from xiaoer.papers.models import HeldPaper, Licence, LicenceKind, PaperConsent, PaperKind
from xiaoer.papers.queries import LicenceFilter, LicenceRow
from xiaoer.registry.guessing import counts_wrong_codes, must_not_guess, wrong_code
from xiaoer.registry.models import Party
from xiaoer.web.words import local_date

router = Router(tags=["licences"])


def _row(by: Actor, licence_id: int) -> LicenceRow:
    licence = found(queries.licence(zone_id=by.zone_id, licence_id=licence_id))
    return LicenceRow(licence, queries.standing(licence, local_date(timezone.now())))


def _out(by: Actor, licence_id: int) -> s.LicenceOut:
    return s.licence_out(_row(by, licence_id))


def _kind(by: Actor, number: int) -> LicenceKind:
    row = queries.kind(zone_id=by.zone_id, kind_id=number)
    if row is None:
        raise Refused(_("Choose one of the list."), field="kind")
    return row


def _party(by: Actor, number: int) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=number).first())


# The register ------------------------------------------------------------------------------------


@router.get("/licence-kinds", response={200: list[s.LicenceKindOut], **PROBLEMS})
@api(READ)
def list_licence_kinds(request: HttpRequest, by: Actor) -> object:
    """What the zone issues, each with its source and mark."""
    return queries.kinds(zone_id=by.zone_id)


@router.post("/licence-kinds/{kind_id}", response={200: s.LicenceKindOut, **PROBLEMS})
@api(WRITE)
def change_licence_kind(
    request: HttpRequest, by: Actor, kind_id: Number, said: s.LicenceKindIn
) -> object:
    """Change how a kind is numbered and how long it holds."""
    return papers.change_licence_kind(
        by=by,
        now=timezone.now(),
        kind=found(queries.kind(zone_id=by.zone_id, kind_id=kind_id)),
        **said.dict(),
    )


@router.get("/licences", response={200: s.LicencePageOut, **PROBLEMS})
@api(READ)
def list_licences(request: HttpRequest, by: Actor, asked: Query[s.LicenceQuery]) -> object:
    """The register, the latest first. State: in_force, expiring, expired, suspended, ended,
    replaced or all."""
    access.must_read_register(by)
    page = queries.licence_page(
        zone_id=by.zone_id,
        filters=LicenceFilter(**asked.dict(exclude={"after"})),
        on=local_date(timezone.now()),
        after=asked.after or None,
    )
    return s.LicencePageOut(rows=[s.licence_out(row) for row in page.rows], after=page.after)


@router.post("/licences", response={200: s.LicenceOut, **PROBLEMS})
@api(WRITE)
def issue_licence(request: HttpRequest, by: Actor, said: s.LicenceIn) -> object:
    """Issue a licence: numbered, made, signed and kept, or refused whole."""
    row = papers.issue_licence(
        by=by,
        now=timezone.now(),
        kind=_kind(by, said.kind),
        party=_party(by, said.party) if said.party else None,
        holder_name=said.holder_name,
        holder_code=said.holder_code,
        issuer=said.issuer,
        office=Office.objects.filter(zone_id=by.zone_id, pk=by.office_id or 0).first(),
        content=said.content,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        subject=None,
        conditions=said.conditions,
    )
    return _out(by, row.pk)


@router.get("/licences/{licence_id}", response={200: s.LicenceStoryOut, **PROBLEMS})
@api(READ)
def read_licence(request: HttpRequest, by: Actor, licence_id: Number) -> object:
    """One licence and what became of it."""
    access.must_read_register(by)
    row = _row(by, licence_id)
    return s.story_out(row, queries.licence_story(row.licence))


def _turn(by: Actor, licence_id: int, said: s.TurnIn, verb: Callable[..., Licence]) -> s.LicenceOut:
    verb(
        by=by,
        now=timezone.now(),
        licence=_row(by, licence_id).licence,
        why=said.why,
        document=said.document,
        version=said.version,
    )
    return _out(by, licence_id)


@router.post("/licences/{licence_id}/suspend", response={200: s.LicenceOut, **PROBLEMS})
@api(WRITE)
def suspend_licence(request: HttpRequest, by: Actor, licence_id: Number, said: s.TurnIn) -> object:
    """Let it rest; it may be restored."""
    return _turn(by, licence_id, said, papers.suspend_licence)


@router.post("/licences/{licence_id}/restore", response={200: s.LicenceOut, **PROBLEMS})
@api(WRITE)
def restore_licence(request: HttpRequest, by: Actor, licence_id: Number, said: s.TurnIn) -> object:
    """Put a suspended one into force again."""
    return _turn(by, licence_id, said, papers.restore_licence)


@router.post("/licences/{licence_id}/deregister", response={200: s.LicenceOut, **PROBLEMS})
@api(WRITE)
def deregister_licence(
    request: HttpRequest, by: Actor, licence_id: Number, said: s.TurnIn
) -> object:
    """Strike it off: its holder gave it up or is no more."""
    return _turn(by, licence_id, said, papers.deregister_licence)


@router.post("/licences/{licence_id}/revoke", response={200: s.LicenceOut, **PROBLEMS})
@api(WRITE)
def revoke_licence(request: HttpRequest, by: Actor, licence_id: Number, said: s.TurnIn) -> object:
    """Revoke it: it should not have been granted. The decision is named."""
    return _turn(by, licence_id, said, papers.revoke_licence)


@router.post("/licences/{licence_id}/replace", response={200: s.LicenceOut, **PROBLEMS})
@api(WRITE)
def replace_licence(
    request: HttpRequest, by: Actor, licence_id: Number, said: s.ReplaceIn
) -> object:
    """Issue it anew under its number, with what changed or for a longer time."""
    made = papers.replace_licence(
        by=by,
        now=timezone.now(),
        licence=_row(by, licence_id).licence,
        changes=papers.Changes(
            **said.dict(
                include={
                    "holder_name", "holder_code", "content", "conditions", "valid_from",
                    "valid_until",
                }
            )
        ),
        why=said.why,
        document=said.document,
        is_extension=said.is_extension,
        version=said.version,
    )  # fmt: skip
    return _out(by, made.pk)


@router.post("/licences/{licence_id}/ask-again", response={200: s.LicenceOut, **PROBLEMS})
@api(WRITE)
def ask_platform_again(request: HttpRequest, by: Actor, licence_id: Number) -> object:
    """Let the province's platform be asked again at the next turn."""
    papers.ask_again(by=by, now=timezone.now(), licence=_row(by, licence_id).licence)
    return _out(by, licence_id)


# Of one party ------------------------------------------------------------------------------------


@router.get("/parties/{party_id}/papers", response={200: s.PartyPapersOut, **PROBLEMS})
@api(READ)
def list_papers_of_party(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """Licences and held papers of a party; an enterprise asks for its own."""
    shown = queries.papers_of_party(party=_party(by, party_id), on=local_date(timezone.now()))
    return s.PartyPapersOut(
        licences=[s.licence_out(row) for row in shown.licences],
        held=[s.held_out(row) for row in shown.held],
    )


@router.post("/parties/{party_id}/papers", response={200: s.PartyPapersOut, **PROBLEMS})
@api(WRITE)
def hold_paper(
    request: HttpRequest,
    by: Actor,
    party_id: Number,
    paper: File[UploadedFile],
    kind: Form[Number],
    name: Form[Line] = "",
    number: Form[Line] = "",
    issued_on: Form[Day | None] = None,
    valid_until: Form[Day | None] = None,
) -> object:
    """Keep a paper of a party, to be used again with its consent."""
    party, now = _party(by, party_id), timezone.now()
    access.must_hold(by, party.pk)
    row = PaperKind.objects.filter(zone_id=by.zone_id, pk=kind, ended_on__isnull=True).first()
    if row is None:
        raise Refused(_("Choose the kind of paper."), field="kind")
    file = files.keep_file(by=by, now=now, stream=paper, name=paper.name or "")
    papers.hold_paper(
        by=by,
        now=now,
        party=party,
        kind=row,
        file=file,
        name=name or row.name,
        number=number,
        issued_on=issued_on,
        valid_until=valid_until,
    )
    shown = queries.papers_of_party(party=party, on=local_date(now))
    return s.PartyPapersOut(
        licences=[s.licence_out(one) for one in shown.licences],
        held=[s.held_out(one) for one in shown.held],
    )


@router.post("/held-papers/{held_paper_id}/withdraw", response={204: None, **PROBLEMS})
@api(WRITE)
def withdraw_paper(
    request: HttpRequest, by: Actor, held_paper_id: Number, said: s.PaperBackIn
) -> object:
    """Take a paper back: it is used for nothing new."""
    paper = found(HeldPaper.objects.filter(zone_id=by.zone_id, pk=held_paper_id).first())
    papers.withdraw_paper(by=by, now=timezone.now(), paper=paper, reason=said.reason)
    return 204, None


@router.post("/consents/{consent_id}/withdraw", response={204: None, **PROBLEMS})
@api(WRITE)
def withdraw_consent(request: HttpRequest, by: Actor, consent_id: Number) -> object:
    """Take back one use of a held paper; what used it then lacks it, unless it is decided."""
    consent = found(PaperConsent.objects.filter(zone_id=by.zone_id, pk=consent_id).first())
    papers.withdraw_consent(by=by, now=timezone.now(), consent=consent)
    return 204, None


# Without signing in ------------------------------------------------------------------------------


def _checked(by: Actor) -> s.CheckedOut:
    return s.checked_out(found(queries.checked(by=by, on=local_date(timezone.now()))))


@router.get("/public/check/{code}", response={200: s.CheckedOut, **WITHOUT_TOKEN}, auth=None)
@key_api(queries.find_paper, "code", READ)
def check_paper(request: HttpRequest, by: Actor, code: str) -> object:
    """Whether a paper holds, by the code on it."""
    return _checked(by)


@router.post("/public/check", response={200: s.CheckedOut, **WITHOUT_TOKEN}, auth=None)
@counts_wrong_codes
def check_by_number(request: HttpRequest, said: s.CheckIn) -> Any:
    """Whether a licence holds, by number and holder; after a few misses an address has to wait."""
    try:
        must_not_guess(request)
    except Refused as refusal:
        raise ApiRefused(refusal) from refusal
    by = queries.find_by_number(said.number, said.holder)
    if by is None:
        wrong_code(request)
        raise ApiRefused(
            Refused(_("We issued no licence with this number to this holder."), field="number")
        )
    with acting(by):
        return _checked(by)
