"""``xiaoer import_values FILE --zone jhtz``: bring in a sheet of figures from the command line."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from xiaoer.base import queries as base
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.models import Column, FactImport, FactImportRow

ANSWERS = ("dash", "blank", "percent", "before")


class Command(BaseCommand):
    help = "Bring in a sheet of figures: a list, enterprises by months or by indicators."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--zone", required=True, help="code of the zone, such as jhtz")
        parser.add_argument("--sheet", help="name of the sheet, if there are several")
        parser.add_argument("--metric", help="code of the indicator that the months hold")
        parser.add_argument("--period", default="", help="of a sheet by indicators: 2026年10月")
        parser.add_argument("--dash", choices=["zero", "missing"], help="what — / 无 mean")
        parser.add_argument("--blank", choices=["zero", "missing"], help="what empty cells mean")
        parser.add_argument(
            "--percent", choices=["ratio", "percent"], help="0.05 is 5 %% or 0.05 %%"
        )
        parser.add_argument(
            "--before", choices=["yes", "no"], help="take columns of the year before"
        )
        parser.add_argument("--column", choices=Column.values, default=Column.REPORTED)
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
                run = facts.import_values(
                    by=by,
                    now=timezone.now(),
                    path=path,
                    sheet=options["sheet"],
                    metric=queries.metric_by_code(options["metric"] or ""),
                    column=options["column"],
                    period=options["period"],
                    answers={key: options[key] for key in ANSWERS if options[key]},
                )
                reasons = _reasons(run)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(run, reasons, as_json=options["json"])

    def _tell(self, run: FactImport, reasons: dict[str, int], *, as_json: bool) -> None:
        counts = {
            "read": run.read,
            "created": run.created,
            "updated": run.updated,
            "unchanged": run.unchanged,
            "rejected": run.rejected,
        }
        if as_json:
            self.stdout.write(
                json.dumps(
                    counts
                    | {"reasons": reasons, "state": run.state, "open": queries.open_questions(run)},
                    ensure_ascii=False,
                )
            )
            return
        self.stdout.write("  ".join(f"{name} {number}" for name, number in counts.items()))
        for reason, number in reasons.items():
            self.stdout.write(f"{number:6}  {reason}")
        for question in queries.open_questions(run):
            self.stdout.write(f"Not written yet: {question}")


def _reasons(run: FactImport) -> dict[str, int]:
    rejected = run.rows.filter(outcome=FactImportRow.Outcome.REJECTED)
    return dict(Counter(rejected.values_list("reason", flat=True)).most_common())
