"""Whose task it becomes: an office of the zone, without one a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base.models import Office, Post, Role
from xiaoer.base.queries import posts_in_force


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
