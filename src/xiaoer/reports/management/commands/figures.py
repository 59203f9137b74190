"""``xiaoer figures --json``: every published figure beside ours; exit 1 if an answered one differs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xiaoer.reports import queries as reports


class Command(BaseCommand):
    help = "Published figures beside ours; exit status 1 if an answered one does not match."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(reports.every_row())
        if options["json"]:
            self.stdout.write(json.dumps([_line(row) for row in rows], ensure_ascii=False))
        else:
            for row in rows:
                mark = {True: "=", False: "≠", None: " "}[row.matches]
                self.stdout.write(
                    f"{row.figure.id}  {row.figure.printed:>12} {mark} {row.shown or '–':>12}"
                    f"  {row.status.value:8} {row.figure.label_zh}"
                )
        if any(row.matches is False for row in rows):
            raise SystemExit(1)


def _line(row: reports.FigureRow) -> dict[str, Any]:
    answer = row.answer
    value = answer.value if answer else None
    return {
        "id": row.figure.id,
        "published": row.figure.printed,
        "unit": row.figure.unit,
        "value": None if value is None else float(value),
        "as_of": answer.as_of.isoformat() if answer else None,
        "provenance": row.status.value,
        "matches": row.matches,
        "waits_for": row.figure.waits_for or None,
    }
