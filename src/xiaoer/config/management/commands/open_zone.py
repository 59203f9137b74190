"""``xiaoer init``: open an empty real zone with its city and its first administrator."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from xiaoer.base import actions as base
from xiaoer.base import installation
from xiaoer.base.models import Person, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.config.opening import furnish_zone


class Command(BaseCommand):
    help = "Open an empty real zone with its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--zone", required=True, help="short code, such as jhtz")
        parser.add_argument("--name", required=True, help="济宁高新区")
        parser.add_argument("--city", required=True, help="济宁市")
        parser.add_argument("--region", default="", help="six digits of GB/T 2260")
        parser.add_argument(
            "--administrator", required=True, help="name of the first administrator"
        )
        parser.add_argument("--account", default="admin")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            password = self._open(**options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{options['account']}  {password}\n")
        self.stdout.write("This password is shown once and must be changed at the first sign-in.\n")

    def _open(self, **options: Any) -> str:
        now = timezone.now()
        password = secrets.token_urlsafe(9)
        with installation.maintenance():
            installation.open_installation(is_demo=False, now=now)
            city = installation.open_city(code=options["city"], name=options["city"])
            zone = installation.open_zone(
                city=city, code=options["zone"], name=options["name"], region_code=options["region"]
            )
            post = installation.first_post(
                zone=zone,
                name=options["administrator"],
                role=Role.ADMINISTRATOR,
                office="党政办公室",
                on=timezone.localdate(now),
            )
            with acting(system(zone.pk)):
                base.give_account(
                    by=system(zone.pk),
                    now=now,
                    person=Person.objects.get(pk=post.person_id),
                    username=options["account"],
                    password=password,
                )
            furnish_zone(zone=zone, now=now)
        return password
