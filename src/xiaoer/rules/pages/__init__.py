"""Pages of rules."""

from xiaoer.rules.pages.library import rule_list, rule_word_pick, rule_words
from xiaoer.rules.pages.results import (
    enterprise_rules,
    rule_agreement,
    rule_compare,
    rule_firm,
    rule_firms,
)
from xiaoer.rules.pages.rule import rule, rule_try
from xiaoer.rules.pages.writing import (
    rule_add,
    rule_ask,
    rule_case_add,
    rule_case_drop,
    rule_draft,
    rule_release,
    rule_retire,
    rule_save,
    rule_send_back,
    rule_withdraw,
)

__all__ = [
    "enterprise_rules",
    "rule",
    "rule_add",
    "rule_agreement",
    "rule_ask",
    "rule_case_add",
    "rule_case_drop",
    "rule_compare",
    "rule_draft",
    "rule_firm",
    "rule_firms",
    "rule_list",
    "rule_release",
    "rule_retire",
    "rule_save",
    "rule_send_back",
    "rule_try",
    "rule_withdraw",
    "rule_word_pick",
    "rule_words",
]
