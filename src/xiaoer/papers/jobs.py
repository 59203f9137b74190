"""Jobs of papers."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from xiaoer.base import apart
from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.papers import actions as papers
from xiaoer.papers.seals import NotTaken, SealPlatform, platform

MOST_AT_ONCE = 100


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="hand_over_licences", name="hand_over_licences")
def hand_over_licences(timestamp: int) -> None:
    """Every minute, where a platform is set, one job a zone; never two of a zone at once."""
    if not settings.SEALS_URL:
        return
    for zone_id in Zone.objects.values_list("id", flat=True):
        hand_over_licences_of.configure(lock=f"seals:{zone_id}").defer(zone_id=zone_id)


@app.task(name="hand_over_licences_of")
def hand_over_licences_of(zone_id: int) -> None:
    """What waits in one zone."""
    asked = platform()
    if asked is not None:
        hand_over(zone_id=zone_id, now=timezone.now(), asked=asked)


def hand_over(*, zone_id: int, now: datetime, asked: SealPlatform) -> int:
    """Hand over what waits; how many were taken. While the platform is asked no transaction is open."""
    by, taken = system(zone_id), 0
    for _turn in range(MOST_AT_ONCE):
        with translation.override(settings.LANGUAGE_CODE), acting(by):
            offered = papers.take_to_hand_over(by=by, now=now)
        if offered is None:
            break
        try:
            sealed = offered.ask(asked)
        except NotTaken as why:
            with translation.override(settings.LANGUAGE_CODE), acting(by):
                papers.note_not_taken(by=by, now=now, licence_id=offered.licence_id, why=why)
            continue
        with translation.override(settings.LANGUAGE_CODE), acting(by):
            papers.keep_sealed(by=by, now=now, licence_id=offered.licence_id, sealed=sealed)
        taken += 1
    return taken


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="collect_quarantine", name="collect_quarantine")
def collect_quarantine(timestamp: int) -> None:
    """Take files that were kept apart into the register, so that somebody sees them."""
    for zone_id in sorted({one.zone_id for one in apart.waiting()}):
        with acting(system(zone_id)):
            papers.collect_quarantine(by=system(zone_id), now=timezone.now())
