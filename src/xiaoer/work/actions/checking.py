"""What every verb of work begins with: the row locked and still open, the words readable."""

from django.utils.translation import gettext as _

from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web import words
from xiaoer.work.models import Matter, Task


def locked_task(by: Actor, task: Task) -> Task:
    """The open task, locked; one that ended meanwhile is told with who ended it and when."""
    kept = (
        Task.objects.select_for_update(of=("self",))
        .select_related("matter")
        .get(zone_id=by.zone_id, pk=task.pk)
    )
    if kept.state != Task.State.OPEN:
        raise Refused(
            _("This task is no longer open: %(state)s %(when)s, %(who)s. Look at the matter again.")
            % {
                "state": Task.State(kept.state).label,
                "when": words.moment(kept.done_at),
                "who": last_hand("task", kept.pk, by) or words.MISSING,
            }
        )
    return kept


def locked_matter(by: Actor, matter: Matter) -> Matter:
    """The matter, locked, whether open or closed."""
    return Matter.objects.select_for_update(of=("self",)).get(zone_id=by.zone_id, pk=matter.pk)


def must_be_open(matter: Matter) -> None:
    if matter.closed_at is not None:
        raise Refused(
            _("“%(title)s” was closed %(when)s; nothing more can be asked of anybody for it.")
            % {"title": matter.title, "when": words.moment(matter.closed_at)}
        )


def last_hand(subject_type: str, subject_id: int, by: Actor) -> str | None:
    """Who wrote the latest journal line of a record, with the time, for a stale edit."""
    line = (
        JournalLine.objects.filter(
            zone_id=by.zone_id, subject_type=subject_type, subject_id=subject_id
        )
        .order_by("-id")
        .first()
    )
    return f"{line.who} {words.moment(line.at)}" if line else None


def needed(text: str, field: str, *, most: int) -> str:
    """Words a verb cannot do without, trimmed."""
    text = plain(text, field, most=most)
    if not text:
        raise Refused(_("Say why, in a few words; others will read it."), field=field)
    return text


def plain(text: str, field: str, *, most: int) -> str:
    """Words as people type them, trimmed, not too long, without signs no keyboard has."""
    text = text.strip()
    if len(text) > most:
        raise Refused(
            _("At most %(most)d characters; these are %(count)d.")
            % {"most": most, "count": len(text)},
            field=field,
        )
    if any(sign < " " and sign not in "\n\r\t" for sign in text):
        raise Refused(_("This holds signs that are no text; type it anew."), field=field)
    return text
