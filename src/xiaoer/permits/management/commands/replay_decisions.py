"""``xiaoer replay_decisions --zone jhtz``: decide again what was decided by rule, and compare."""

from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from xiaoer.base import queries as base
from xiaoer.base.dates import parse_date
from xiaoer.base.models import Zone
from xiaoer.base.reading import Unreadable
from xiaoer.base.scope import acting, system
from xiaoer.permits.automatic.replaying import Difference, replay
from xiaoer.permits.models import AutoDecision

STEP = 500


class Command(BaseCommand):
    help = (
        "Decide again what was decided by rule, on what each decision kept, and tell what differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--zone", default="", help="code of the zone; all of them without")
        parser.add_argument("--since", default="", help="day, such as 2026-01-01")
        parser.add_argument(
            "--read-again", action="store_true", help="read the papers anew as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        zones = _zones(str(options["zone"]))
        since = _since(str(options["since"]))
        count, found = 0, 0
        for zone in zones:
            with acting(system(zone.pk)):
                for decision in _decisions(zone, since):
                    count += 1
                    for one in replay(decision, reads_again=bool(options["read_again"])):
                        found += 1
                        self._tell(zone, decision, one)
        if found:
            raise CommandError(f"{found} differences in {count} decisions.")
        self.stdout.write(f"All {count} decisions come out the same.")

    def _tell(self, zone: Zone, decision: AutoDecision, one: Difference) -> None:
        self.stdout.write(
            f"{zone.code} {decision.case.number} decision {one.decision}: {one.part}:"
            f" kept {one.kept!r}, found {one.found!r}"
        )


def _zones(code: str) -> list[Zone]:
    if not code:
        return list(Zone.objects.order_by("id"))
    zone = base.zone_by_code(code)
    if zone is None:
        raise CommandError(f"There is no zone with the code {code}.")
    return [zone]


def _since(text: str) -> datetime | None:
    try:
        day = parse_date(text) if text else None
    except Unreadable as error:
        raise CommandError(f"“{text}” is no day; write it as 2026-01-01.") from error
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _decisions(zone: Zone, since: datetime | None) -> Any:
    rows = AutoDecision.objects.filter(zone_id=zone.pk).select_related(
        "case", "basis", "rule_version"
    )
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows.order_by("id").iterator(chunk_size=STEP)
