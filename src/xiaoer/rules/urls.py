"""Addresses of rules."""

from django.urls import path

from xiaoer.rules import pages

urlpatterns = [
    path("rules/", pages.rule_list, name="rule_list"),
    path("rules/add/", pages.rule_add, name="rule_add"),
    path("rules/words/", pages.rule_words, name="rule_words"),
    path("rules/words/pick/", pages.rule_word_pick, name="rule_word_pick"),
    path("rules/<int:rule_id>/", pages.rule, name="rule"),
    path("rules/<int:rule_id>/draft/", pages.rule_draft, name="rule_draft"),
    path("rules/<int:rule_id>/firms/", pages.rule_firms, name="rule_firms"),
    path("rules/<int:rule_id>/firms/<int:party_id>/", pages.rule_firm, name="rule_firm"),
    path("rules/<int:rule_id>/agreement/", pages.rule_agreement, name="rule_agreement"),
    path("rules/<int:rule_id>/compare/", pages.rule_compare, name="rule_compare"),
    path("rules/versions/<int:version_id>/save/", pages.rule_save, name="rule_save"),
    path("rules/versions/<int:version_id>/try/", pages.rule_try, name="rule_try"),
    path("rules/versions/<int:version_id>/ask/", pages.rule_ask, name="rule_ask"),
    path("rules/versions/<int:version_id>/release/", pages.rule_release, name="rule_release"),
    path("rules/versions/<int:version_id>/send-back/", pages.rule_send_back, name="rule_send_back"),
    path("rules/versions/<int:version_id>/retire/", pages.rule_retire, name="rule_retire"),
    path("rules/versions/<int:version_id>/withdraw/", pages.rule_withdraw, name="rule_withdraw"),
    path("rules/versions/<int:version_id>/cases/", pages.rule_case_add, name="rule_case_add"),
    path(
        "rules/versions/<int:version_id>/cases/<int:case_id>/drop/",
        pages.rule_case_drop,
        name="rule_case_drop",
    ),
    path("enterprises/<int:party_id>/rules/", pages.enterprise_rules, name="enterprise_rules"),
]
