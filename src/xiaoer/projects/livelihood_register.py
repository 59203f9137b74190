"""What the livelihood list tells the house: its verbs, how its records are called and found."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {
    "open_livelihood_category": _("opened a category of the livelihood list"),
    "open_livelihood_item": _("put an item on the livelihood list"),
    "change_livelihood_item": _("changed an item of the livelihood list"),
    "complete_livelihood_item": _("completed an item of the livelihood list"),
    "drop_livelihood_item": _("gave up an item of the livelihood list"),
    "take_livelihood_item_on": _("took an item of the livelihood list to the next year"),
    "show_livelihood_item": _("set whether residents read an item of the livelihood list"),
    "add_livelihood_step": _("added a step to a livelihood item"),
    "finish_livelihood_step": _("finished a step of a livelihood item"),
    "reopen_livelihood_step": _("opened a step of a livelihood item again"),
    "add_livelihood_place": _("added a place to a livelihood item"),
    "finish_livelihood_place": _("completed a place of a livelihood item"),
    "report_livelihood_figure": _("reported a figure of a livelihood item"),
    "put_livelihood_picture": _("put a picture beside a livelihood item"),
    "show_livelihood_picture": _("set whether residents see a picture"),
    "take_livelihood_picture_off": _("took a picture off a livelihood item"),
}


def register() -> None:
    name_verbs(VERBS)
    label_details(
        {
            "category": _("category"),
            "leader": _("leader"),
            "promise": _("what is promised"),
            "subject": _("short name for figures"),
            "target": _("task of the year"),
        }
    )
    call_by(
        {
            "livelihood_step": "name",
            "livelihood_place": "name",
            "livelihood_figure": "item__name",
            "livelihood_picture": "item__name",
        }
    )
    lead_to({"livelihood_item": "livelihood_item"})
