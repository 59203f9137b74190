"""The trail, its seals, what one may see and why."""

from django.http import HttpRequest
from ninja import Query, Router

from xiaoer.base import queries, rights
from xiaoer.base.api import shapes
from xiaoer.base.api.finding import must_read
from xiaoer.base.api_door import PROBLEMS, READ, api
from xiaoer.base.queries import TrailFilter, TrailLine
from xiaoer.base.scope import Actor

router = Router()


def _line_out(line: TrailLine) -> shapes.TrailLineOut:
    return shapes.TrailLineOut(
        id=line.pk,
        at=line.at,
        who=line.who,
        post=line.post,
        verb=line.verb,
        act=line.act,
        subject_type=line.subject_type,
        subject_id=line.subject_id,
        subject=line.subject,
        details=line.details,
        detail=line.detail,
        position=line.position,
        seal=line.seal,
    )


@router.get("/journal", response={200: shapes.TrailOut, **PROBLEMS})
@api(READ)
def read_journal(request: HttpRequest, by: Actor, asked: Query[shapes.TrailIn]) -> object:
    """Who did what to what, newest first, as far as the asker reads the trail."""
    must_read(by)
    wanted = TrailFilter(
        words=asked.words,
        verb=asked.verb,
        subject_type=asked.subject_type or "",
        subject_id=asked.subject_id,
        first=asked.first,
        last=asked.last,
    )
    lines = queries.trail(by=by, wanted=wanted)
    lines = lines.filter(pk__lt=asked.after) if asked.after else lines
    shown = list(lines[: asked.size + 1])
    more = len(shown) > asked.size
    shown = shown[: asked.size]
    return {
        "lines": [_line_out(line) for line in queries.with_seals(shown, by=by)],
        "after": shown[-1].pk if more else None,
    }


@router.get("/journal/seals", response={200: shapes.SealOut, **PROBLEMS})
@api(READ)
def read_seals(request: HttpRequest, by: Actor) -> object:
    """How far the zone's chain of seals reaches."""
    must_read(by)
    return queries.seal_state(by=by)


@router.get("/rights", response={200: shapes.RightsOut, **PROBLEMS})
@api(READ)
def read_rights(request: HttpRequest, by: Actor) -> object:
    """What the asker may see and do, by which rule of the database, and who sees the asker."""
    misses, _latest = queries.own_misses(by=by, most=1)
    return {
        "database_role": by.database_role,
        "reasons": rights.reasons(by=by),
        "sights": rights.sights(by=by),
        "open_lists": rights.open_lists(by=by),
        "onlookers": rights.onlookers(),
        "misses": misses,
        "enough": rights.ENOUGH,
    }
