"""Files kept apart: taken into the register, let in by a person, or thrown away."""

from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import apart, files, journal
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import access
from xiaoer.papers.models import Quarantine

State = Quarantine.State
BY_SCANNER = "no_scanner"
VIRUS = "virus"


@transaction.atomic
def collect_quarantine(*, by: Actor, now: datetime) -> int:
    """Take the files of this zone that lie apart into the register; how many are new."""
    known = set(
        Quarantine.objects.filter(zone_id=by.zone_id, state=State.HELD).values_list(
            "sha256", flat=True
        )
    )
    fresh = [
        one for one in apart.waiting() if one.zone_id == by.zone_id and one.sha256 not in known
    ]
    for one in fresh:
        held = Quarantine.objects.create(
            zone_id=by.zone_id,
            sha256=one.sha256,
            name=one.name or one.sha256[:12],
            size=one.size,
            why=f"{one.code} {one.told}".strip(),
            party_ref=one.party_ref,
            came_from_id=one.post_id,
            at=one.at,
        )
        journal.record(by=by, now=now, verb="hold_file", subject=held, why=one.code)
    return len(fresh)


@transaction.atomic
def release_quarantined(*, by: Actor, now: datetime, held: Quarantine) -> StoredFile:
    """Let a file in that a person looked at. What the scanner found something in never comes in.

    What waits for the scanner is asked about once more. Whoever sends the very file again afterwards
    is not stopped.
    """
    access.must_judge_files(by)
    held, code = _open(by, held)
    if code == VIRUS:
        raise Refused(_("The scanner found something in it; it can only be thrown away."))
    reference = apart.reference_of(by.zone_id, held.sha256)
    known, content = apart.opened(reference)
    if code == BY_SCANNER:
        file = files.keep_file(by=by, now=now, stream=BytesIO(content), name=known.name)
    else:
        file = files.let_in(by=by, now=now, content=content, media_type=known.media_type)
    _decide(by, now, held, State.RELEASED, "release_file")
    transaction.on_commit(lambda: _let_go(reference, held.sha256))
    return file


def _let_go(reference: str, digest: str) -> None:
    apart.note_release(digest)
    apart.drop(reference)


@transaction.atomic
def drop_quarantined(*, by: Actor, now: datetime, held: Quarantine) -> Quarantine:
    """Throw a file away; the line that says so stays."""
    access.must_judge_files(by)
    held, _code = _open(by, held)
    reference = apart.reference_of(by.zone_id, held.sha256)
    _decide(by, now, held, State.DROPPED, "drop_file")
    transaction.on_commit(lambda: apart.drop(reference))
    return held


def _open(by: Actor, held: Quarantine) -> tuple[Quarantine, str]:
    held = Quarantine.objects.select_for_update().get(zone_id=by.zone_id, pk=held.pk)
    if held.state != State.HELD:
        raise Refused(_("“%(name)s” was decided already.") % {"name": held.name})
    if not apart.is_here(apart.reference_of(by.zone_id, held.sha256)):
        raise Refused(
            _("The bytes of “%(name)s” are no longer here; ask for the file again.")
            % {"name": held.name}
        )
    return held, held.why.partition(" ")[0]


def _decide(by: Actor, now: datetime, held: Quarantine, state: State, verb: str) -> None:
    held.state, held.decided_at, held.decided_by_id = state, now, by.post_id
    held.save(update_fields=["state", "decided_at", "decided_by"])
    journal.record(by=by, now=now, verb=verb, subject=held, name=held.name, why=held.why)
