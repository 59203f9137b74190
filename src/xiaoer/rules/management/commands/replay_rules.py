"""``xiaoer replay_rules RUN --zone jhtz``: evaluate again what a run evaluated, and compare."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xiaoer.base import queries as base
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.rules import actions as rules
from xiaoer.rules.queries.evaluating import runs


class Command(BaseCommand):
    help = "Evaluate again what a run of the rules evaluated, on the facts it read, and compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, help="number of the run; 0: the latest")
        parser.add_argument("--zone", required=True, help="code of the zone, such as jhtz")

    def handle(self, *args: Any, **options: Any) -> None:
        zone = base.zone_by_code(options["zone"])
        if zone is None:
            raise CommandError(f"There is no zone with the code {options['zone']}.")
        by = system(zone.pk)
        with acting(by):
            kept = runs(zone_id=zone.pk)
            run = kept.filter(pk=options["run"]).first() if options["run"] else kept.first()
            if run is None:
                raise CommandError(f"There is no run {options['run']} of that zone.")
            try:
                found = rules.replay(by=by, run_id=run.pk)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        if not found.is_same:
            rule_id, party_id = found.unlike[0]
            raise CommandError(
                f"{len(found.unlike)} of {found.verdicts} verdicts come out unlike;"
                f" the first: rule {rule_id}, enterprise {party_id}."
            )
        self.stdout.write(f"Run {run.pk}: all {found.verdicts} verdicts come out the same.")
