"""What the administrator's page should know of the rooms above the base."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from xiaoer.base.queries import Notice
from xiaoer.base.scope import Actor
from xiaoer.web.words import local_date
from xiaoer.work.queries import calendar_of


def calendar_notices(by: Actor, now: datetime) -> list[Notice]:
    """Years whose State Council notice is not in: this one, and the next from October on."""
    today = local_date(now)
    years = [today.year] + ([today.year + 1] if today.month >= 10 else [])
    calendar = calendar_of(by.zone_id)
    return [
        Notice(
            words=_(
                "The working calendar of %(year)s is provisional: the State Council's notice is"
                " not entered, so deadlines may move when it is."
            )
            % {"year": year},
            address=reverse("calendar"),
            verb=_("Enter the notice"),
        )
        for year in years
        if calendar.is_provisional(date(year, 1, 1))
    ]
