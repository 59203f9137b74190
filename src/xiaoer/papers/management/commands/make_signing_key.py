"""``xiaoer make_signing_key``: the key every paper that leaves is signed with."""

import os
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.papers import signing


class Command(BaseCommand):
    help = "Make the signing key with its own certificate, or bring the zone's own (PKCS#12)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="whom the certificate names")
        parser.add_argument("--from", dest="archive", help="a PKCS#12 archive (.p12, .pfx)")
        parser.add_argument("--replace", action="store_true", help="the key there is signs no more")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            held = self._bring(**options) if options["archive"] else self._make(**options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{signing.key_file()}\n{held.name}  SHA-256 {held.fingerprint}\n")
        self.stdout.write("The file is in no backup: keep a copy of it in a safe place.\n")

    def _make(self, **options: Any) -> signing.Keyholder:
        names = [options["name"]] if options["name"] else [zone.name for zone in Zone.objects.all()]
        return signing.make_key(
            name="、".join(names) or "小二", now=timezone.now(), replace=options["replace"]
        )

    def _bring(self, **options: Any) -> signing.Keyholder:
        place = Path(options["archive"])
        if not place.is_file():
            raise CommandError(f"There is no file {place}.")
        password = os.environ.get("XIAOER_SIGNING_PASSWORD") or getpass("Password of the archive: ")
        return signing.bring_key(
            archive=place.read_bytes(), password=password, replace=options["replace"]
        )
