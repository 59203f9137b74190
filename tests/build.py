"""Build a template database, signed in as the owner: ``python -m tests.build town``."""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (after setup)

from tests.town import NOW, build_town, hash_in_passing  # noqa: E402  (after setup)
from xiaoer.demo.build import build_demo  # noqa: E402  (after setup)
from xiaoer.papers import signing  # noqa: E402  (after setup)


def main(kind: str) -> None:
    hash_in_passing()
    signing.make_key_where_none(name="测试", now=NOW)
    if kind == "empty":
        call_command("migrate", verbosity=0)
    if kind == "town":
        build_town()
    if kind == "demo":
        build_demo(now=NOW, say=lambda _words: None)


if __name__ == "__main__":
    main(sys.argv[1])
