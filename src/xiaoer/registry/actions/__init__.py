"""Verbs of the registry, by topic; callers say ``registry.add_party(...)``."""

from xiaoer.registry.actions.caseload import (
    HandOver,
    assign_steward,
    end_monitoring,
    end_stewardship,
    hand_back_caseload,
    hand_over_caseload,
    name_monitoring_firm,
)
from xiaoer.registry.actions.merging import merge_parties
from xiaoer.registry.actions.parties import (
    PartyFacts,
    add_name,
    add_party,
    admit_enterprise,
    change_party,
    close_party,
    look_at_phone,
    move_to_cell,
)
from xiaoer.registry.actions.places import (
    OutlinesSet,
    end_cell_duty,
    give_cell_duty,
    open_cell,
    open_grid,
    open_park,
    set_outlines,
)
from xiaoer.registry.actions.speaking import (
    NewRepresentative,
    approve_representation,
    ask_to_represent,
    decline_representation,
    end_representation,
    issue_code,
)
from xiaoer.registry.merging import allow_merge_relation

__all__ = [
    "HandOver",
    "NewRepresentative",
    "OutlinesSet",
    "PartyFacts",
    "add_name",
    "add_party",
    "admit_enterprise",
    "allow_merge_relation",
    "approve_representation",
    "ask_to_represent",
    "assign_steward",
    "change_party",
    "close_party",
    "decline_representation",
    "end_cell_duty",
    "end_monitoring",
    "end_representation",
    "end_stewardship",
    "give_cell_duty",
    "hand_back_caseload",
    "hand_over_caseload",
    "issue_code",
    "look_at_phone",
    "merge_parties",
    "move_to_cell",
    "name_monitoring_firm",
    "open_cell",
    "open_grid",
    "open_park",
    "set_outlines",
]
