"""Row security, said once for every table, in the migration that makes the table.

Roles (made by the command line, before any migration):

=================  ================================================================================
``xiaoer_owner``   owns and migrates; under FORCE it sees rows only in declared maintenance
``xiaoer_web``     what processes sign in as; NOINHERIT, so that it can read nothing by itself
``xiaoer_app``     staff of one zone
``xiaoer_outside`` enterprises, parties, banks, holders of a link: only rows that are theirs
``xiaoer_city``    city roles: every zone of the city, read only
``xiaoer_search``  owns the search functions, which filter by the scope themselves
``xiaoer_backup``  reads everything for ``xiaoer backup``, writes nothing
=================  ================================================================================
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

# Scalar and through a sub-select: PostgreSQL then evaluates it once and keeps the index order.
# The settings are '' (not NULL) after a session's first transaction, hence nullif.
ZONE = "zone_id = (select nullif(current_setting('x.zone', true), '')::bigint)"
PARTY = "(select nullif(current_setting('x.party', true), '')::bigint)"
POST = "(select nullif(current_setting('x.post', true), '')::bigint)"
KEY = "(select nullif(current_setting('x.key', true), ''))"
CITY_ZONES = (
    "zone_id in (select z.id from zone z"
    " where z.city_id = (select nullif(current_setting('x.city', true), '')::bigint))"
)
MAINTENANCE = "current_setting('x.maintenance', true) = 'on'"

_COMPOSITE = """
do $$
declare link record;
begin
  for link in
    select c.conname, a.attname, c.confrelid::regclass::text as parent
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.conrelid = '{table}'::regclass and cardinality(c.conkey) = 1
      and a.attname <> 'zone_id'
      and exists (select from pg_attribute z
                  where z.attrelid = c.confrelid and z.attname = 'zone_id' and not z.attisdropped)
      -- A table guarded by a later migration: what that one asks for is asked for there.
      and exists (select from pg_constraint w
                  where w.conrelid = c.confrelid and right(w.conname, 12) = '_within_zone')
  loop
    execute format('alter table {table} drop constraint %I', link.conname);
    execute format('alter table {table} add constraint %I foreign key (zone_id, %I)'
                   ' references %s (zone_id, id)',
                   'same_zone_{table}_' || link.attname, link.attname, link.parent);
  end loop;
end $$;
"""


# A later migration replaces a function; only the role that owns it may take the old one away.
_DROP_FUNCTION = """
do $$ begin
  if to_regprocedure('{signature}') is not null then
    set local role xiaoer_search;
    drop function {signature};
    reset role;
  end if;
end $$;
"""


class _Sql(Operation, ABC):
    """A migration step made of SQL only; the state of the models is not touched."""

    reduces_to_sql = True
    reversible = True

    @abstractmethod
    def statements(self) -> list[str]:
        """The SQL, one statement an item."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        return None

    def database_forwards(self, app_label: str, schema_editor: Any, *_states: Any) -> None:
        for statement in self.statements():
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, *_states: Any) -> None:
        return None


class Guard(_Sql):
    """Force row security on a table with a ``zone_id``, for every role and every verb.

    ``outside``: an SQL condition under which outside roles see a row (``None``: never), with
    ``outside_verbs`` saying which verbs they have. ``staff_verbs`` leaves out what staff must not
    do: an append-only table has no update and no delete; ``staff`` narrows the rows of the zone that
    staff see and touch, such as to those of their own post. Every reference to another guarded table
    becomes a reference *within the zone*, so that a guessed id of another zone cannot be pointed to;
    a table nobody points to (``is_pointed_to``) saves the index that takes.
    """

    def __init__(
        self,
        table: str,
        *,
        outside: str | None = None,
        outside_verbs: Sequence[str] = ("select",),
        staff_verbs: Sequence[str] = ("select", "insert", "update"),
        staff: str | None = None,
        city: bool = True,
        search: bool = False,
        zone_optional: bool = False,
        is_pointed_to: bool = True,
    ) -> None:
        self.table = table
        self.outside = outside
        self.outside_verbs = tuple(outside_verbs)
        self.staff_verbs = tuple(staff_verbs)
        self.staff = staff
        self.city = city
        self.search = search
        self.zone_optional = zone_optional
        self.is_pointed_to = is_pointed_to
        self._constructor_args = (
            (table,),
            {
                "outside": outside,
                "outside_verbs": self.outside_verbs,
                "staff_verbs": self.staff_verbs,
                "staff": staff,
                "city": city,
                "search": search,
                "zone_optional": zone_optional,
                "is_pointed_to": is_pointed_to,
            },
        )

    def describe(self) -> str:
        return f"Guard {self.table} by row security"

    def statements(self) -> list[str]:
        table = self.table
        return [
            *(
                [f"alter table {table} add constraint {table}_within_zone unique (zone_id, id)"]
                if self.is_pointed_to
                else []
            ),
            _COMPOSITE.format(table=table),
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"revoke all on {table} from public",
            *self._policy("maintenance", "xiaoer_owner", ("all",), MAINTENANCE),
            *self._policy("backup", "xiaoer_backup", ("select",), "true"),
            *self._policy("staff", "xiaoer_app", self.staff_verbs, self._staff_rows()),
            *(
                self._policy("city", "xiaoer_city", ("select",), self._city_rows())
                if self.city
                else []
            ),
            *(self._policy("search", "xiaoer_search", ("select",), "true") if self.search else []),
            *(
                self._policy(
                    "own", "xiaoer_outside", self.outside_verbs, f"{ZONE} and ({self.outside})"
                )
                if self.outside
                else []
            ),
        ]

    def _staff_rows(self) -> str:
        return f"{ZONE} and ({self.staff})" if self.staff else ZONE

    def _city_rows(self) -> str:
        return f"zone_id is null or {CITY_ZONES}" if self.zone_optional else CITY_ZONES

    def _policy(self, name: str, role: str, verbs: Sequence[str], rows: str) -> list[str]:
        lines = []
        for verb in verbs:
            clause = {
                "all": f"using ({rows}) with check ({rows})",
                "select": f"using ({rows})",
                "delete": f"using ({rows})",
                "insert": f"with check ({rows})",
                "update": f"using ({rows}) with check ({rows})",
            }[verb]
            lines.append(
                f"create policy {name}_{verb} on {self.table} for {verb} to {role} {clause}"
            )
        if role != "xiaoer_owner":
            lines.append(f"grant {', '.join(verbs)} on {self.table} to {role}")
        return lines


class WithinZone(_Sql):
    """Bind a guarded table's references to tables that were guarded after it, within the zone too."""

    def __init__(self, table: str) -> None:
        self.table = table
        self._constructor_args: tuple[tuple[str], dict[str, Any]] = ((table,), {})

    def describe(self) -> str:
        return f"Keep references of {self.table} within the zone"

    def statements(self) -> list[str]:
        return [_COMPOSITE.format(table=self.table)]


class Public(_Sql):
    """Let roles read a table that holds nothing of a zone (cities, zones, holidays of the state)."""

    def __init__(self, table: str, *, write: Sequence[str] = ()) -> None:
        self.table = table
        self.write = tuple(write)
        self._constructor_args = ((table,), {"write": self.write})

    def describe(self) -> str:
        return f"Let everybody read {self.table}"

    def statements(self) -> list[str]:
        readers = (
            "xiaoer_web, xiaoer_app, xiaoer_outside, xiaoer_city, xiaoer_search, xiaoer_backup"
        )
        lines = [f"grant select on {self.table} to {readers}"]
        if self.write:
            lines.append(f"grant {', '.join(self.write)} on {self.table} to xiaoer_app")
        return lines


class WebOnly(_Sql):
    """Keep a table outside row security, for the web role alone (accounts, keys, misses)."""

    def __init__(self, table: str) -> None:
        self.table = table
        self._constructor_args: tuple[tuple[str], dict[str, Any]] = ((table,), {})

    def describe(self) -> str:
        return f"Keep {self.table} for the web role"

    def statements(self) -> list[str]:
        return [
            f"grant select, insert, update, delete on {self.table} to xiaoer_web",
            f"grant select on {self.table} to xiaoer_backup",
        ]


class SearchFunction(_Sql):
    """Create a SECURITY DEFINER function owned by ``xiaoer_search`` and let roles call it.

    It must filter by the scope itself (``current_setting('x.zone')``) and return ids to join with
    the guarded table; each one has its hostile test.
    """

    def __init__(
        self, signature: str, body: str, *, callers: Sequence[str] = ("xiaoer_app",)
    ) -> None:
        self.signature = signature
        self.body = body
        self.callers = tuple(callers)
        self._constructor_args = ((signature, body), {"callers": self.callers})

    def describe(self) -> str:
        return f"Create search function {self.signature}"

    def statements(self) -> list[str]:
        return [
            _DROP_FUNCTION.format(signature=self.signature),
            self.body,
            # Rights first: once the function belongs to another, revoking silently does nothing.
            f"revoke all on function {self.signature} from public",
            f"grant execute on function {self.signature} to {', '.join(self.callers)}",
            f"alter function {self.signature} owner to xiaoer_search",
        ]
