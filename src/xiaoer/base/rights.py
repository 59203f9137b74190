"""我能看到什么，为什么: what a role may do to each kind of record, read from the database itself.

Nothing here is typed in: policies come from ``pg_policies``, verbs from the grants, counts from the
tables. What a page says is what PostgreSQL does.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from xiaoer.base.scope import CITY, OUTSIDE, STAFF, Actor, acting, system
from xiaoer.base.subjects import model_of, record_name
from xiaoer.web.words import MISSING, listed

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
# Counting further would make the page slower the older the zone is; "more than" is enough here.
ENOUGH = 20_000

_POLICIES = """
select c.relname, p.role, p.cmd, p.qual
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
left join lateral (
  select unnest(roles)::text as role, cmd, coalesce(qual, with_check) as qual
  from pg_policies where schemaname = 'public' and tablename = c.relname) p
  on p.role = any(%s)
where c.relkind in ('r', 'p') and c.relrowsecurity and not c.relispartition
order by c.relname, p.role, p.cmd
"""
_GRANTS = """
select c.relname, r.role, v.verb
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
cross join unnest(%s::text[]) as r(role)
cross join unnest(%s::text[]) as v(verb)
where c.relkind in ('r', 'p') and c.relrowsecurity and has_table_privilege(r.role, c.oid, v.verb)
"""


@dataclass(frozen=True, slots=True)
class Right:
    """What one database role may do to one table: verb → the conditions of its policies."""

    table: str
    conditions: dict[str, tuple[str, ...]]

    @property
    def verbs(self) -> tuple[str, ...]:
        return tuple(verb for verb in VERBS if verb in self.conditions)


@dataclass(frozen=True, slots=True)
class Sight:
    """One line of the page: a kind of record, how many of it, by which rule, and what may be done.

    ``seen`` and ``there`` are counted up to ``ENOUGH``; None where nothing may be read.
    """

    table: str
    name: str
    seen: int | None
    there: int
    why: str
    may: str
    rules: tuple[str, ...] = ()

    @property
    def sees_none(self) -> bool:
        return self.seen is None


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who else reads records that are about the asker, by which rule."""

    who: str
    why: str


def rights_of(role: str) -> dict[str, Right]:
    """Every guarded table with what the role may do: a policy and a grant together make a right."""
    conditions: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, [[role], list(VERBS)])
        granted = {(table, verb) for table, _role, verb in cursor.fetchall()}
        cursor.execute(_POLICIES, [[role]])
        for table, found, command, condition in cursor.fetchall():
            kinds = conditions[table]
            if found is None:
                continue
            for verb in VERBS if command == "ALL" else (command,):
                if (table, verb) in granted:
                    kinds[verb].append(condition or "true")
    return {
        table: Right(table, {verb: tuple(found) for verb, found in kinds.items()})
        for table, kinds in conditions.items()
    }


# The plain rule, as PostgreSQL prints it: the record's zone is the zone of the scope.
_ZONE = re.compile(
    r"\(?zone_id = \( SELECT \(?NULLIF\(current_setting\('x\.zone'::text, true\), ''::text\)\)?"
    r'::bigint AS "nullif"\)\)?'
)
_FROM = re.compile(r"\bFROM (\w+) ")


def in_words(conditions: tuple[str, ...]) -> str:
    """Policies of one verb, said by what they compare with: zone, party, post, city, link."""
    return _(" or ").join(dict.fromkeys(_one_in_words(one) for one in conditions))


def _one_in_words(condition: str) -> str:
    if re.sub(r"[()\s]", "", condition) in ("", "true"):
        return _("is there at all")
    rest = _ZONE.sub("", condition)
    either = [words for sign, words in _signs() if sign in rest]
    said = [(_(" or ") if " OR " in rest else _(" and ")).join(either)] if either else []
    if not said:
        through = [table for table in _FROM.findall(rest) if table not in ("post", "zone")]
        said = [
            _("hangs on a record you see (%(name)s)") % {"name": record_name(t)} for t in through
        ]
    if not said and re.search(r"[a-z_]{3,} (IS|=|>|<)", rest):
        said = [_("meets the further condition of this rule")]
    if "is_public" in rest:
        said.append(_("is marked public"))
    if rest != condition:
        said.append(_("lies in the zone you work in"))
    return _(" and ").join(dict.fromkeys(said)) or _("meets the condition of this rule")


def _signs() -> tuple[tuple[str, str], ...]:
    return (
        ("x.party", _("concerns the party you speak for")),
        ("x.post", _("belongs to your post")),
        ("_hash)::text = ( SELECT NULLIF(current_setting('x.key'", _("carries the link you hold")),
        ("x.city", _("lies in a zone of your city")),
        ("zone_id IS NULL", _("belongs to no zone (the city, the state)")),
    )


def verb_words(verbs: tuple[str, ...]) -> str:
    words = {
        "SELECT": _("look at"),
        "INSERT": _("add to"),
        "UPDATE": _("alter"),
        "DELETE": _("delete"),
    }
    return listed(words[verb] for verb in verbs) if verbs else MISSING


def sights(*, by: Actor) -> list[Sight]:
    """Every kind of record: how many the asker sees of how many the zone has, and by which rule."""
    rights = rights_of(by.database_role)
    seen = _counts([table for table, right in rights.items() if "SELECT" in right.conditions], by)
    there = _counts(list(rights), system(by.zone_id)) if not by.is_staff else seen
    lines = []
    for table, right in rights.items():
        reads = right.conditions.get("SELECT")
        lines.append(
            Sight(
                table=table,
                name=record_name(table),
                seen=seen.get(table),
                there=there.get(table, 0),
                why=in_words(reads) if reads else _("no rule lets your role read it"),
                may=verb_words(right.verbs),
                rules=reads or (),
            )
        )
    return sorted(lines, key=lambda line: (line.sees_none, -(line.seen or 0), line.table))


def _counts(tables: list[str], by: Actor) -> dict[str, int]:
    """Rows of each table in the actor's zone, as this actor, up to ``ENOUGH``."""
    with acting(by), connection.cursor() as cursor:
        counts = {}
        for table in tables:
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"select count(*) from (select from {quoted} where zone_id = %s limit %s) t",  # noqa: S608  names come from pg_class
                [by.zone_id, ENOUGH],
            )
            counts[table] = cursor.fetchone()[0]
    return counts


def onlookers() -> list[Onlooker]:
    """Who reads a person's record in this zone, from the policies of that very table."""
    roles = {
        STAFF: _("staff of the zone"),
        CITY: _("the city's roles"),
        OUTSIDE: _("enterprises, parties, banks and other outside roles"),
    }
    found = []
    for role, words in roles.items():
        reads = rights_of(role)["person"].conditions.get("SELECT")
        found.append(Onlooker(words, in_words(reads) if reads else _("no rule lets them read it")))
    return found


def open_lists(*, by: Actor) -> list[str]:
    """Tables without zones (the zones themselves, calendars) that the asker's role may read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relrowsecurity"
            " and has_table_privilege(%s, c.oid, 'SELECT') order by c.relname",
            [by.database_role],
        )
        tables = [row[0] for row in cursor.fetchall()]
    return [record_name(table) for table in tables if model_of(table)]


# Rooms add why somebody answers for something: "steward of 12 enterprises".
Reason = Callable[[Actor], list[str]]
_reasons: list[Reason] = []


def explain_with(reason: Reason) -> None:
    """Lend the page a room's own reasons; called from the room's ``apps.py``."""
    _reasons.append(reason)


def reasons(*, by: Actor) -> list[str]:
    """Why the asker sees what is seen: role, office, lead, party, and what higher rooms add."""
    said = []
    if by.role:
        said.append(_("Your post is: %(role)s.") % {"role": by.role.label})
    if by.office:
        said.append(_("It belongs to: %(office)s.") % {"office": by.office})
    if by.is_lead and by.is_staff:
        said.append(_("You lead this office, so you manage its people."))
    said.append(
        _("The database knows you as %(role)s; its rules below are the ones it enforces.")
        % {"role": by.database_role}
    )
    return said + [words for reason in _reasons for words in reason(by)]
