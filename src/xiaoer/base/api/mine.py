"""Oneself: the present post, the zones of the city, the tokens of one's account."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from xiaoer.base import actions as base
from xiaoer.base import queries
from xiaoer.base.api import shapes
from xiaoer.base.api.shapes import Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

router = Router()


@router.get("/me", response={200: shapes.MeOut, **PROBLEMS})
@api(READ)
def read_me(request: HttpRequest, by: Actor) -> object:
    """Who asks, in which post, and which other posts the account holds today."""
    held = queries.posts_of_account(account_id=by.account_id or 0)
    return {
        "account_id": by.account_id,
        "person_id": by.person_id,
        "name": by.name,
        "post_id": by.post_id,
        "posts": [
            shapes.HeldOut(
                post_id=post.post_id or 0,
                zone_id=post.zone_id or None,
                role=post.role,
                office_id=post.office_id,
                office=post.office,
                is_lead=post.is_lead,
                party_ref=post.party_ref,
            )
            for post in held
            if post.role
        ],
    }


@router.get("/zones", response={200: list[shapes.ZoneOut], **PROBLEMS})
@api(READ)
def list_zones(request: HttpRequest, by: Actor) -> object:
    """The zones of the asker's city; their names are public."""
    return queries.zones_of_city(city_id=by.city_id)


@router.get("/tokens", response={200: list[shapes.TokenOut], **PROBLEMS})
@api(READ)
def list_tokens(request: HttpRequest, by: Actor) -> object:
    """One's own tokens, the newest first, without their keys."""
    return queries.tokens_of(account_id=by.account_id or 0)


@router.post("/tokens", response={200: shapes.NewTokenOut, **PROBLEMS})
@api(WRITE, by_city=True)
def make_token(request: HttpRequest, by: Actor, given: shapes.TokenIn) -> object:
    """A token for another system, in one's present post; the key is told this once.

    A token makes no token: one that leaks would otherwise outlive its own end.
    """
    if request.headers.get("Authorization"):
        raise Refused(_("A token cannot make another one; sign in to make it."))
    token, key = base.make_token(
        by=by,
        now=timezone.now(),
        name=given.name,
        scopes=[str(scope) for scope in given.scopes],
        days=given.days,
    )
    # The database wrote the moment it was made.
    kept = next(one for one in queries.tokens_of(account_id=token.account_id) if one.pk == token.pk)
    return {"token": kept, "key": key}


@router.post("/tokens/{token_id}/revoke", response={204: None, **PROBLEMS})
@api(WRITE, by_city=True)
def revoke_token(request: HttpRequest, by: Actor, token_id: Number) -> object:
    """Make a token of one's own worthless at once."""
    base.revoke_token(by=by, now=timezone.now(), token_id=token_id)
    return 204, None
