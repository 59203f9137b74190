"""``xiaoer seal_files``: seal what older versions kept in the clear."""

from typing import Any

from django.core.management.base import BaseCommand

from xiaoer.base import files

PART = 1000


class Command(BaseCommand):
    help = "Seal stored files that are not sealed yet; may be stopped and begun again."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        while part := files.seal_plain(limit=PART):
            done += part
        self.stdout.write(f"{done} files sealed")
