"""Whose task it becomes: an office of the zone, without one a person; and what nobody could be given.

A job that asks people for many things goes on where nobody sits to be asked for one of them. Then the
zone's record says each time what was left and why, for whoever names somebody.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post, Role, Zone
from xiaoer.base.queries import posts_in_force
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor


@dataclass(frozen=True, slots=True)
class Whose:
    """An office or a post; ``stands_in``: a person does, until the zone has an office for it."""

    office: Office | None = None
    post: Post | None = None
    stands_in: bool = False

    def title(self, words: str) -> str:
        """What the task is called; who stands in for an office reads that there is none."""
        if not self.stands_in:
            return words
        return _("%(task)s (no office keeps this; give somebody there a post)") % {"task": words}


def whose(*, zone_id: int, on: date, roles: Sequence[Role]) -> Whose | None:
    """The office of the first of these roles that has one on a day; else the first person of them."""
    posts = list(posts_in_force(zone_id=zone_id, on=on).filter(role__in=roles))
    posts.sort(key=lambda post: (post.office_id is None, roles.index(Role(post.role))))
    if not posts:
        return None
    first = posts[0]
    return Whose(office=first.office) if first.office else Whose(post=first, stands_in=True)


@contextmanager
def going_on(left: dict[str, str], name: str) -> Iterator[None]:
    """One of many things a job does: refused, it is undone alone and kept in ``left`` with the reason."""
    try:
        with transaction.atomic():
            yield
    except Refused as no:
        left[name] = str(no)


def tell_left(*, by: Actor, now: datetime, left: Mapping[str, str]) -> None:
    """Write down what a job had to leave: by name of the thing, why."""
    if left:
        journal.record(
            by=by, now=now, verb="leave_tasks", subject=Zone.objects.get(pk=by.zone_id),
            count=len(left), names=list(left)[:20], why="；".join(dict.fromkeys(left.values())),
        )  # fmt: skip
