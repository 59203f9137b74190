"""One application, two ways to it: by sign-in or by the secret link; and what both show of it."""

from dataclasses import dataclass

from django.urls import reverse

from xiaoer.permits.models import Case

MINE, LINK = "my_case", "link_case"


@dataclass(frozen=True, slots=True)
class Way:
    """Addresses of a case's pages, under ``/my/cases/7/`` or ``/services/apply/<secret>/``."""

    prefix: str
    key: str | int

    def to(self, name: str, *more: str | int) -> str:
        return reverse(f"{self.prefix}_{name}", args=[self.key, *more])

    @property
    def home(self) -> str:
        return reverse(self.prefix, args=[self.key])

    @property
    def is_link(self) -> bool:
        return self.prefix == LINK


def my_way(case: Case) -> Way:
    return Way(MINE, case.pk)


def link_way(token: str) -> Way:
    return Way(LINK, token)
