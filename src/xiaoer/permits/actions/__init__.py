"""Actions of permits."""

from xiaoer.permits.actions.acceptance_seeds import seed_acceptance as seed_acceptance
from xiaoer.permits.actions.filling import expire_drafts as expire_drafts
from xiaoer.permits.actions.filling import fill_case as fill_case
from xiaoer.permits.actions.filling import fill_from_papers as fill_from_papers
from xiaoer.permits.actions.filling import open_case as open_case
from xiaoer.permits.actions.filling import renew_key as renew_key
from xiaoer.permits.actions.giving import give_material as give_material
from xiaoer.permits.actions.giving import promise_material as promise_material
from xiaoer.permits.actions.giving import sign_promise as sign_promise
from xiaoer.permits.actions.giving import take_back_material as take_back_material
from xiaoer.permits.actions.giving import use_held as use_held
from xiaoer.permits.actions.looking_up import forget_lookups as forget_lookups
from xiaoer.permits.actions.looking_up import look_up_case as look_up_case
from xiaoer.permits.actions.pack_seeds import bring_entries as bring_entries
from xiaoer.permits.actions.pack_seeds import seed_packs as seed_packs
from xiaoer.permits.actions.rating import answer_rating as answer_rating
from xiaoer.permits.actions.rating import rate_case as rate_case
from xiaoer.permits.actions.submitting import answer_supplement as answer_supplement
from xiaoer.permits.actions.submitting import branches_withdrawn as branches_withdrawn
from xiaoer.permits.actions.submitting import case_submitted as case_submitted
from xiaoer.permits.actions.submitting import submit_case as submit_case
from xiaoer.permits.actions.submitting import supplement_answered as supplement_answered
from xiaoer.permits.actions.submitting import withdraw_case as withdraw_case
from xiaoer.permits.actions.thing_seeds import match_office as match_office
from xiaoer.permits.actions.thing_seeds import seed_things as seed_things
