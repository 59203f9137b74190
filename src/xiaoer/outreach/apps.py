"""Registration of the room: its words for the inbox, what moves when firms are merged, and what it
listens to."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs


class OutreachConfig(AppConfig):
    name = "xiaoer.outreach"
    label = "outreach"

    def ready(self) -> None:
        # What names tables can only be loaded once every room's tables are.
        from xiaoer.outreach import reasons, words
        from xiaoer.outreach.actions import figures, following
        from xiaoer.outreach.models import (
            Appeal,
            Booking,
            ContactCard,
            Correction,
            DayVisit,
            RoadDistance,
            Visit,
        )
        from xiaoer.outreach.pages import shown
        from xiaoer.outreach.queries import monitoring_tier, open_requests_of_firms, version_numbers
        from xiaoer.outreach.queries import reminding as told
        from xiaoer.registry.merging import allow_merge_relation
        from xiaoer.registry.redrawing.loads import lend_load
        from xiaoer.web.environment import register_filter
        from xiaoer.work import actions as work
        from xiaoer.work import kinds, reminding

        kinds.know(
            kinds.MatterKind(
                code="appeal",
                name=_("request"),
                tasks=words.TASKS,
                told=frozenset(words.VERBS),
            )
        )
        kinds.know(
            kinds.MatterKind(
                code="correction",
                name=_("correction"),
                tasks={"decide_correction": _("Decide about a correction")},
                told=frozenset({"ask_correction"}),
            )
        )
        kinds.know(
            kinds.MatterKind(
                code="visit",
                name=_("visit"),
                tasks=words.STEPS,
                told=frozenset({"finish_step"}),
            )
        )
        name_codes(
            "kind",
            {
                **words.TASKS,
                **words.STEPS,
                "appeal": _("request"),
                "visit": _("visit"),
                "correction": _("correction"),
                "decide_correction": _("Decide about a correction"),
            },
        )
        name_verbs({**words.VERBS, **words.OTHER_VERBS})
        lend_load("open_requests", _("an open request"), points=4, count=open_requests_of_firms)
        label_details(words.DETAILS)
        allow_merge_relation(ContactCard, "party", ends="withdrawn_at")
        allow_merge_relation(Visit, "party")
        # One line of a day, and one open place on it, for one firm: the duplicate's stays there.
        allow_merge_relation(DayVisit, "party", stays=("gathering",))
        allow_merge_relation(Correction, "party", stays=("about", "field", "value"))
        allow_merge_relation(Booking, "party", stays=("gathering",))
        allow_merge_relation(Appeal, "party")
        allow_merge_relation(RoadDistance, "from_party", moves=False)
        allow_merge_relation(RoadDistance, "to_party", moves=False)
        reasons.know_tier("monitoring", monitoring_tier)
        work.task_moved.connect(following.follow_task)
        work.question_answered.connect(figures.follow_answer)
        work.deadlines_recomputed.connect(following.recompute_clocks)
        lead_to(
            {
                "appeal": "appeal",
                "visit": "visit",
                "contact_card": "card_page",
                "route_search": "route_search",
                "gathering": "day",
                "correction": "correction",
                "day_visit": "day_visit",
            },
            own={"appeal": "my_appeal", "correction": "my_correction"},
        )
        call_by(
            {
                "appeal": "receipt_no",
                "visit": "party__name",
                "contact_card": "party__name",
                "gathering": "programme__name",
                "field_question": "text",
                "visit_interval": "name",
                "phrase": "text",
                "finding_word": "word",
                "day_visit": "party__name",
                "booking": "party__name",
                "correction": "party__name",
            }
        )
        label_details({"days": _("days"), "leader": _("leader")})
        let_pin("appeal", by_outside=True, is_shown=True)
        let_pin("correction", by_outside=True, is_shown=True)
        let_pin("visit", is_shown=True, kin=version_numbers)
        reminding.know_source(reminding.NO_CONTACT, told.firms_without_contact)
        reminding.know_source(reminding.RED_LIGHT, told.requests_red)
        register_filter("last_day", shown.last_day)
        register_filter("yuan", shown.yuan)
