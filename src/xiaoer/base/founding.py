"""All tables of a room in one step of a migration.

Django draws every model that is related to a changed one anew after each step, and everything is
related to the zone: a hundred steps cost half a minute of a new installation and of each test run.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateTables(Operation):
    """Create tables, each after those it refers to, with their constraints and indexes."""

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = tables

    def describe(self) -> str:
        return "Create " + ", ".join(table.name for table in self.tables)

    def state_forwards(self, app_label: str, state: Any) -> None:
        # What was drawn is forgotten, so that all is drawn once when the first table is made.
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)
