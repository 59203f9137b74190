"""Registration of the room: its verbs, and the words firms' rules are written in."""

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {
    "seed_standards": _("added the standards of the state"),
    "set_stat_threshold": _("changed a threshold of the statistical register"),
    "set_size_standard": _("changed the size standard of a sector"),
    "override_forecast": _("set a forecast by hand"),
    "withdraw_override": _("let the computed forecast count again"),
    "seed_ladders": _("added the ladders"),
    "set_parameter": _("changed a parameter of the ladders"),
    "keep_cutoff": _("set a cut-off of entry"),
    "remove_cutoff": _("removed a cut-off of entry"),
    "hand_in_paper": _("took in a paper of entry"),
    "take_back_paper": _("took a paper of entry back"),
    "designate": _("recorded a designation"),
    "designate_many": _("recorded a list of designations"),
    "end_designation": _("ended a designation"),
    "evaluate_ladders": _("evaluated the ladders"),
}


class GrowthConfig(AppConfig):
    name = "xiaoer.growth"
    label = "growth"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.facts.vocabulary import AttributesLender, FiguresLender
        from xiaoer.growth import telling, watch_register
        from xiaoer.registry.vocabulary import RegistryLender
        from xiaoer.rules import origins, uses, vocabularies

        name_verbs(VERBS)
        # The registry first: its firms are the subjects.
        for lender in (RegistryLender(), FiguresLender(), AttributesLender()):
            vocabularies.lend(lender)
        watch_register.register()
        uses.tell_uses(telling.uses)
        origins.tell_origins(telling.origins)
        self._register_ladders()
        self._register_standards()
        _register_titles()

    def _register_standards(self) -> None:
        from xiaoer.growth.models import ForecastOverride
        from xiaoer.growth.vocabulary.derived import DerivedWords
        from xiaoer.registry.merging import allow_merge_relation
        from xiaoer.rules import vocabularies

        call_by(
            {
                "stat_threshold": "sector",
                "size_standard": "name",
                "forecast_override": "party__name",
            }
        )
        allow_merge_relation(ForecastOverride, "party", moves=False)
        vocabularies.lend(DerivedWords())

    def _register_ladders(self) -> None:
        from xiaoer.facts.actions import figures_committed
        from xiaoer.growth.actions.following import follow_figures
        from xiaoer.growth.models import Designation, HandedPaper, Standing
        from xiaoer.growth.vocabulary.ladders import LadderWords
        from xiaoer.registry.merging import allow_merge_relation
        from xiaoer.rules import vocabularies

        label_details(
            {
                "document": _("document"),
                "rose": _("rose"),
                "fell": _("fell"),
                "unsure": _("needs data"),
            }
        )
        figures_committed.connect(follow_figures)
        call_by(
            {
                "ladder_parameter": "name",
                "entry_cutoff": "name",
                "handed_paper": "item__name",
                "designation": "party__name",
            }
        )
        allow_merge_relation(Designation, "party", ends="until", of_a="kind")
        allow_merge_relation(HandedPaper, "party", stays=("item", "year"))
        # Where an entry stood in a month was said of it; the kept entry is evaluated anew.
        allow_merge_relation(Standing, "party", moves=False)
        vocabularies.lend(LadderWords())


def _register_titles() -> None:
    """Titles, batches, lists: words, papers, tasks, reminders, and what moves when firms merge."""
    # What names tables can only be loaded once every room's are.
    from xiaoer.growth.models import Application, ListMember, TechContract, Title
    from xiaoer.growth.queries import titles_expiring
    from xiaoer.growth.vocabulary.titles import TitleLender
    from xiaoer.growth.words import TITLE_TASKS, TITLE_VERBS
    from xiaoer.registry.merging import allow_merge_relation
    from xiaoer.rules.vocabularies import lend
    from xiaoer.work import kinds, reminding

    name_verbs(TITLE_VERBS)
    kinds.know(kinds.MatterKind(code="title", name=_("title of a firm"), tasks=TITLE_TASKS))
    name_codes("kind", {**TITLE_TASKS, "title": _("title of a firm")})
    reminding.know_source(reminding.TITLE_EXPIRING, titles_expiring)
    lead_to(
        {
            "title": "title",
            "batch": "batch",
            "application": "application",
            "firm_list": "firm_list",
            "title_sheet": "title_sheet",
        }
    )
    call_by(
        {
            "title": "kind__name",
            "application": "kind__name",
            "tech_contract": "number",
            "title_sheet": "file_name",
        }
    )
    let_pin("title", is_shown=True)
    let_pin("application", is_shown=True)
    lend(TitleLender())
    # Of a title both entries hold, the duplicate's stays readable there.
    allow_merge_relation(Title, "party", stays=("kind",))
    allow_merge_relation(Application, "party", stays=("kind",))
    allow_merge_relation(ListMember, "party", stays=("firm_list", "project"))
    allow_merge_relation(TechContract, "party")
