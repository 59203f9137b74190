"""API: the verbs of rules: open, draft, edit, test cases, ask, release, send back, retire."""

from django.http import HttpRequest
from django.utils import timezone

from xiaoer.base.api_door import PROBLEMS, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.rules import actions as rules
from xiaoer.rules.actions.drafting import Head

# The same router: an address answers reading and writing alike only when one router has both.
from xiaoer.rules.api.reading import router, rule_of, version_of, whole
from xiaoer.rules.api.shapes import (
    RuleBeginIn,
    RuleCaseIn,
    RuleCode,
    RuleDraftIn,
    RuleFreshIn,
    RuleIn,
    RuleOut,
    RuleReasonIn,
    RuleReleaseIn,
    RuleTextOut,
)
from xiaoer.rules.shipping import ShippedClause

__all__ = ["router"]


@router.post("/rules", response={200: RuleOut, **PROBLEMS})
@api(WRITE)
def open_rule(request: HttpRequest, by: Actor, said: RuleIn) -> object:
    """Begin a rule; it says nothing until a version of it is released."""
    return rules.open_rule(by=by, now=timezone.now(), **said.dict())


@router.post("/rules/{code}/versions", response={200: RuleTextOut, **PROBLEMS})
@api(WRITE)
def draft_version(request: HttpRequest, by: Actor, code: RuleCode, said: RuleBeginIn) -> object:
    """Begin the next version, as a copy of the latest or empty."""
    rule = rule_of(by, code)
    return whole(rules.draft_version(by=by, now=timezone.now(), rule_id=rule.pk, **said.dict()))


@router.put("/rules/versions/{version_id}", response={200: RuleTextOut, **PROBLEMS})
@api(WRITE)
def edit_draft(request: HttpRequest, by: Actor, version_id: int, said: RuleDraftIn) -> object:
    """Write a draft anew: its head and all its clauses; refused when somebody was first."""
    version_of(by, version_id)
    version = rules.edit_draft(
        by=by,
        now=timezone.now(),
        version_id=version_id,
        version=said.version,
        head=Head(**said.head.dict()),
        clauses=[ShippedClause(**clause.dict()) for clause in said.clauses],
    )
    return whole(version)


@router.post("/rules/versions/{version_id}/withdraw", response={200: RuleTextOut, **PROBLEMS})
@api(WRITE)
def withdraw_draft(request: HttpRequest, by: Actor, version_id: int, said: RuleReasonIn) -> object:
    """Give a draft up, with a reason."""
    version_of(by, version_id)
    return whole(
        rules.withdraw_draft(by=by, now=timezone.now(), version_id=version_id, **said.dict())
    )


@router.post("/rules/versions/{version_id}/cases", response={200: int, **PROBLEMS})
@api(WRITE)
def add_case(request: HttpRequest, by: Actor, version_id: int, said: RuleCaseIn) -> object:
    """Add a test case to a draft; its number comes back."""
    version_of(by, version_id)
    return rules.add_case(by=by, now=timezone.now(), version_id=version_id, **said.dict()).pk


@router.delete("/rules/versions/{version_id}/cases/{case_id}", response={204: None, **PROBLEMS})
@api(WRITE)
def drop_case(request: HttpRequest, by: Actor, version_id: int, case_id: int) -> object:
    """Take a test case out of a draft."""
    found(version_of(by, version_id).cases.filter(pk=case_id).first())
    rules.drop_case(by=by, now=timezone.now(), version_id=version_id, case_id=case_id)
    return 204, None


@router.post("/rules/versions/{version_id}/ask", response={200: RuleTextOut, **PROBLEMS})
@api(WRITE)
def ask_release(request: HttpRequest, by: Actor, version_id: int, said: RuleFreshIn) -> object:
    """Ask a second person to release a draft."""
    version_of(by, version_id)
    return whole(rules.ask_release(by=by, now=timezone.now(), version_id=version_id, **said.dict()))


@router.post("/rules/versions/{version_id}/release", response={200: RuleTextOut, **PROBLEMS})
@api(WRITE)
def release_version(
    request: HttpRequest, by: Actor, version_id: int, said: RuleReleaseIn
) -> object:
    """Put a version in force, as its second person."""
    version_of(by, version_id)
    return whole(
        rules.release_version(by=by, now=timezone.now(), version_id=version_id, **said.dict())
    )


@router.post("/rules/versions/{version_id}/send-back", response={200: RuleTextOut, **PROBLEMS})
@api(WRITE)
def send_back(request: HttpRequest, by: Actor, version_id: int, said: RuleReasonIn) -> object:
    """Send a version that waits back to its author, with what has to be changed."""
    version_of(by, version_id)
    return whole(rules.send_back(by=by, now=timezone.now(), version_id=version_id, **said.dict()))


@router.post("/rules/versions/{version_id}/retire", response={200: RuleTextOut, **PROBLEMS})
@api(WRITE)
def retire_version(request: HttpRequest, by: Actor, version_id: int, said: RuleReasonIn) -> object:
    """Take a version out of force, with a reason."""
    version_of(by, version_id)
    return whole(
        rules.retire_version(by=by, now=timezone.now(), version_id=version_id, **said.dict())
    )
