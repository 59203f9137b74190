"""``xiaoer verify_journal``: prove that no line of the journal was changed, removed, added or cut."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from xiaoer.base import sealing
from xiaoer.base.installation import maintenance


class Command(BaseCommand):
    help = "Check every line of the journal against its chain; exit 1 on any fault."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with maintenance():
            verdict = sealing.verify_journal(heads_file=Path(settings.JOURNAL_HEADS))
        if options["json"]:
            faults = [[f.zone_ref, f.position, f.what] for f in verdict.faults]
            answer = {"lines": verdict.lines, "faults": faults, "unsealed": verdict.tail}
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{verdict.lines} sealed lines, {verdict.tail} not sealed yet")
            for fault in verdict.faults:
                self.stdout.write(f"zone {fault.zone_ref} line {fault.position}: {fault.what}")
        if not verdict.is_whole:
            raise SystemExit(1)
