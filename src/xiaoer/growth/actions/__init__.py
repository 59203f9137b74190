"""Verbs of growth."""

from xiaoer.growth.actions.designations import (
    DecisionFacts,
    Listed,
    ListLine,
    designate,
    designate_many,
    end_designation,
)
from xiaoer.growth.actions.papers import hand_in_paper, take_back_paper
from xiaoer.growth.actions.parameters import (
    CutoffFacts,
    keep_cutoff,
    remove_cutoff,
    seed_ladders,
    set_parameter,
    set_parameters,
)

__all__ = [
    "CutoffFacts",
    "DecisionFacts",
    "ListLine",
    "Listed",
    "designate",
    "designate_many",
    "end_designation",
    "hand_in_paper",
    "keep_cutoff",
    "remove_cutoff",
    "seed_ladders",
    "set_parameter",
    "set_parameters",
    "take_back_paper",
]
