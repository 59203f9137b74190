"""``xiaoer import_registry FILE --zone jhtz``: bring in a sheet of enterprises from the command line."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from xiaoer.base import queries as base
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.registry import actions as registry
from xiaoer.registry.models import ImportRow, ImportRun


class Command(BaseCommand):
    help = "Bring in a sheet of enterprises: xlsx, xls, csv or json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--zone", required=True, help="code of the zone, such as jhtz")
        parser.add_argument("--sheet", help="name of the sheet, if there are several")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        zone = base.zone_by_code(options["zone"])
        if zone is None:
            raise CommandError(f"There is no zone with the code {options['zone']}.")
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        by = system(zone.pk)
        try:
            with acting(by), transaction.atomic():
                run = registry.import_file(
                    by=by, now=timezone.now(), path=path, sheet=options["sheet"]
                )
                reasons = _reasons(run)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(run, reasons, as_json=options["json"])

    def _tell(self, run: ImportRun, reasons: dict[str, int], *, as_json: bool) -> None:
        counts = {
            "read": run.read,
            "created": run.created,
            "updated": run.updated,
            "unchanged": run.unchanged,
            "rejected": run.rejected,
        }
        if as_json:
            self.stdout.write(json.dumps(counts | {"reasons": reasons}, ensure_ascii=False))
            return
        self.stdout.write("  ".join(f"{name} {number}" for name, number in counts.items()))
        for reason, number in reasons.items():
            self.stdout.write(f"{number:6}  {reason}")


def _reasons(run: ImportRun) -> dict[str, int]:
    """How often each reason was given, the commonest first."""
    found: dict[str, int] = {}
    rows = ImportRow.objects.filter(zone_id=run.zone_id, run=run, outcome="rejected")
    for problems in rows.values_list("problems", flat=True):
        for problem in problems:
            found[problem["reason"]] = found.get(problem["reason"], 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))
