"""Registration of the room: the names of its verbs, and what stays when firms are merged."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.verbs import name_verbs

VERBS = {
    "define_metric": _("defined an indicator"),
    "record_value": _("wrote down a figure"),
    "record_values": _("wrote down enterprises' figures"),
    "record_attribute": _("wrote down a fact of an enterprise"),
    "record_attributes": _("wrote down facts of enterprises"),
    "withdraw_attribute": _("took back a fact of an enterprise"),
    "preview_values": _("previewed a sheet of figures"),
    "match_columns": _("matched the columns of a sheet"),
    "answer_import": _("answered what a sheet of figures left open"),
    "choose_firms": _("said which enterprises the names of a sheet mean"),
    "confirm_figures": _("confirmed figures that looked wrong"),
    "leave_out_figure": _("left a figure of a sheet out"),
    "commit_import": _("brought in a sheet of figures"),
    "undo_import": _("took back a sheet of figures"),
    "fail_values": _("could not bring in a sheet of figures"),
    "resume_import": _("started the work on a sheet again"),
}
DETAILS = {
    "answers": _("answers"),
    "names": _("names"),
    "row": _("row"),
    "warning": _("warning"),
    "word": _("fact"),
}


class FactsConfig(AppConfig):
    name = "xiaoer.facts"
    label = "facts"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.facts.actions.rollups import follow_merge
        from xiaoer.facts.models import Attribute, FirmAlias, Value
        from xiaoer.registry.actions.merging import parties_merged
        from xiaoer.registry.merging import allow_merge_relation

        name_verbs(VERBS)
        label_details(DETAILS)
        # A figure is only ever added to; it stays with the entry it was reported under. Sums count
        # the entries of one enterprise once, so those it is in are made anew.
        allow_merge_relation(Value, "party", moves=False)
        allow_merge_relation(Attribute, "party", moves=False)
        allow_merge_relation(FirmAlias, "party")
        parties_merged.connect(follow_merge)
