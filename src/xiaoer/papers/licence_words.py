"""Words of held papers, licences and notices for the trail, and how their records are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs

LICENCE_VERBS: dict[str, str | Promise] = {
    "hold_paper": _("kept a paper"),
    "use_paper": _("let a held paper be used"),
    "withdraw_paper": _("took a paper back"),
    "withdraw_consent": _("took back the use of a paper"),
    "seed_licence_kinds": _("added the kinds of licence"),
    "issue_licence": _("issued a licence"),
    "replace_licence": _("changed a licence"),
    "extend_licence": _("extended a licence"),
    "suspend_licence": _("suspended a licence"),
    "restore_licence": _("put a licence into force again"),
    "revoke_licence": _("revoked a licence"),
    "deregister_licence": _("deregistered a licence"),
    "hand_over_licence": _("handed a licence over to the platform"),
    "note_not_taken": _("noted that the platform did not take a licence"),
    "ask_again": _("let the platform be asked again"),
    "change_licence_kind": _("changed a kind of licence"),
    "make_notice": _("made an official notice"),
}


def register_licences() -> None:
    """Lend the house the words of this part; called once from ``apps.py``."""
    name_verbs(LICENCE_VERBS)
    call_by({"official_notice": "number", "licence_kind": "name"})
    label_details(
        {
            "number_form": _("form of the number"),
            "valid_months": _("months it holds"),
            "type_code": _("national code of the type"),
        }
    )
    lead_to(
        {"licence": "licence", "licence_kind": "licence_kind", "official_notice": "notice_file"},
        own={"licence": "my_licence_file", "official_notice": "notice_file"},
    )
