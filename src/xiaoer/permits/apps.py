"""Registration of the room: its verbs, and how its records are called."""

from django.apps import AppConfig
from django.utils.functional import Promise

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by
from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {}


class PermitsConfig(AppConfig):
    name = "xiaoer.permits"
    label = "permits"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.permits import acceptance_register, case_register, point_words
        from xiaoer.permits.models import Case
        from xiaoer.registry.merging import allow_merge_relation

        name_verbs(VERBS)
        call_by({"thing": "name", "permit_case": "number", "case_item": "name"})
        allow_merge_relation(Case, "party")
        _register_automatic()
        _register_things()
        acceptance_register.register()
        _register_applying()
        point_words.register()
        case_register.register()


def _register_automatic() -> None:
    """Unattended approval: the words of packs, its verbs, what its records are called."""
    from xiaoer.permits import automatic_register
    from xiaoer.permits.automatic_words import AUTOMATIC_DETAILS, AUTOMATIC_VERBS
    from xiaoer.permits.vocabulary import PackWords
    from xiaoer.rules.vocabularies import lend_family

    name_verbs(AUTOMATIC_VERBS)
    label_details(AUTOMATIC_DETAILS)
    call_by({"auto_pack": "thing__name", "shared_register": "name", "shared_entry": "key"})
    lend_family("pack:", PackWords)
    automatic_register.register()


def _register_things() -> None:
    """Definitions: their verbs, and what a line about them says."""
    from xiaoer.permits.thing_words import THING_DETAILS, THING_VERBS

    name_verbs(THING_VERBS)
    label_details(THING_DETAILS)


def _register_applying() -> None:
    """The applicant's side: its verbs and the tasks it gives."""
    from xiaoer.permits.applying_register import register_applying

    register_applying()
