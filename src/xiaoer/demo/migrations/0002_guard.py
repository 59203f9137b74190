"""Who the demo lets a visitor be is read before anybody is signed in."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import WebOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0002_guards"), ("demo", "0001_initial")]

    operations: ClassVar = [WebOnly("persona")]
