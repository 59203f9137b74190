"""``xiaoer demo`` calls this as the owner: build the demo zones once."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xiaoer.base.refusals import Refused
from xiaoer.demo.build import build_demo
from xiaoer.papers import signing


class Command(BaseCommand):
    help = "Build the demo zones in an empty database; done twice it does nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        # Also for a demo that stands already: its papers are signed as those of a real zone.
        signing.make_key_where_none(name="小二演示", now=timezone.now())
        try:
            built = build_demo(now=timezone.now(), say=self._say)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if built:
            self._say(f"{time.monotonic() - begun:.0f} s")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
