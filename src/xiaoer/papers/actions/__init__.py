"""Verbs of papers."""

from xiaoer.papers.actions.handover import ask_again as ask_again
from xiaoer.papers.actions.handover import keep_sealed as keep_sealed
from xiaoer.papers.actions.handover import note_not_taken as note_not_taken
from xiaoer.papers.actions.handover import take_to_hand_over as take_to_hand_over
from xiaoer.papers.actions.holding import hold_paper as hold_paper
from xiaoer.papers.actions.holding import use_paper as use_paper
from xiaoer.papers.actions.holding import withdraw_paper as withdraw_paper
from xiaoer.papers.actions.kinds import seed_paper_kinds as seed_paper_kinds
from xiaoer.papers.actions.licence_kinds import change_licence_kind as change_licence_kind
from xiaoer.papers.actions.licence_seeds import seed_licence_kinds as seed_licence_kinds
from xiaoer.papers.actions.licences import Changes as Changes
from xiaoer.papers.actions.licences import deregister_licence as deregister_licence
from xiaoer.papers.actions.licences import issue_licence as issue_licence
from xiaoer.papers.actions.licences import licence_changed as licence_changed
from xiaoer.papers.actions.licences import replace_licence as replace_licence
from xiaoer.papers.actions.licences import restore_licence as restore_licence
from xiaoer.papers.actions.licences import revoke_licence as revoke_licence
from xiaoer.papers.actions.licences import suspend_licence as suspend_licence
from xiaoer.papers.actions.notices import make_notice as make_notice
from xiaoer.papers.actions.reading import read_paper as read_paper
