"""What the acts and tasks of a request are called, in stories, inboxes and notices."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "file_appeal": _("filed"),
    "add_words": _("added"),
    "verify_phone": _("called back"),
    "take_back_appeal": _("took back"),
    "register_appeal": _("registered"),
    "not_accept": _("did not accept"),
    "merge_appeal": _("merged"),
    "transfer_elsewhere": _("passed on to another authority"),
    "dispatch_appeal": _("dispatched"),
    "reassign": _("assigned anew"),
    "sign_appeal": _("signed for it"),
    "return_appeal": _("gave back"),
    "ask_help": _("asked for help"),
    "finish_help": _("helped"),
    "note_progress": _("noted"),
    "park_appeal": _("promised a later day"),
    "take_up_again": _("took up again"),
    "supervise_appeal": _("put under supervision"),
    "answer_appeal": _("answered the enterprise"),
    "ask_date_change": _("asked for a later date"),
    "decide_date_change": _("decided about a later date"),
    "confirm_solved": _("confirmed"),
    "reopen_appeal": _("reopened"),
    "withdraw_appeal": _("withdrew"),
    "record_return_visit": _("visited back"),
    "ask_again": _("asked again"),
    "confirm_again": _("confirmed once more"),
}
TASKS: Mapping[str, str | Promise] = {
    "contact": _("Contact the enterprise"),
    "register": _("Register"),
    "dispatch": _("Decide who leads"),
    "decide": _("Decide between offices"),
    "reply": _("Give a first reply"),
    "solve": _("Solve and answer"),
    "help": _("Help"),
    "promise": _("Keep the promised date"),
    "date_change": _("Decide about a later date"),
    "visit_back": _("Visit back"),
}
STEPS: Mapping[str, str | Promise] = {"step": _("Keep what was promised on a visit")}
# Acts on other things than one request, as the audit trail tells them.
OTHER_VERBS: Mapping[str, str | Promise] = {
    "make_cards": _("made contact cards"),
    "print_cards": _("printed contact cards"),
    "ask_for_print": _("asked for a print of contact cards"),
    "hand_out_cards": _("handed out contact cards"),
    "withdraw_card": _("withdrew a contact card"),
    "seed_outreach": _("added kinds of request"),
    "keep_kind": _("changed a kind of request"),
    "open_programme": _("opened a programme of visits"),
    "open_day": _("set a day of visits"),
    "log_visit": _("logged a visit"),
    "join_visit": _("joined a colleague's visit"),
    "keep_device": _("let a phone keep field work"),
    "open_device": _("opened field work on a phone"),
    "rename_device": _("renamed a phone"),
    "wipe_device": _("wiped a phone from afar"),
    "confirm_wiped": _("a phone deleted its field work"),
    "set_field_days": _("set how long phones keep field work"),
    "set_route_rule": _("set the rules of routes"),
    "import_roads": _("brought in distances by road"),
    "ask_for_routes": _("asked for routes"),
    "stop_search": _("stopped the search for routes"),
    "find_routes": _("found routes"),
    "place_visit": _("put a visit at a place of a route"),
    "take_out": _("took a visit out of a route"),
    "lock_stop": _("locked or freed a stop"),
    "keep_round": _("kept a route"),
    "drop_draft": _("threw the draft of a route away"),
    "look_at_contact": _("looked at the phone number"),
    "correct_visit": _("corrected a visit"),
    "finish_step": _("took a step promised on a visit"),
    "seed_fieldwork": _("added questions and settings of visits"),
    "keep_field_question": _("changed a question of visits"),
    "keep_visit_interval": _("changed an interval between visits"),
    "keep_phrase": _("added a common phrase"),
    "remove_phrase": _("removed a common phrase"),
    "add_finding_word": _("added a word of inspections"),
    "remove_finding_word": _("removed a word of inspections"),
    "recompute_clocks": _("computed the clocks of requests anew"),
}


def verb_words(verb: str) -> str:
    """An act in the past, as the story tells it."""
    return str(VERBS.get(verb, verb))


# Keys of the journal's details that only routes write.
DETAILS: Mapping[str, str | Promise] = {
    "contact": _("planned visit"),
    "left": _("not placed"),
    "lock": _("lock"),
    "metres": _("metres"),
    "placed": _("placed"),
    "rounds": _("routes"),
    "stops": _("stops"),
    "start_longitude": _("longitude of the start"),
    "start_latitude": _("latitude of the start"),
    "end_longitude": _("longitude of the end"),
    "end_latitude": _("latitude of the end"),
    "works_from": _("the day begins"),
    "works_until": _("the day ends"),
    "lunch_from": _("lunch begins"),
    "lunch_until": _("lunch ends"),
    "speed_kmh": _("speed"),
    "road_percent": _("road by great circle"),
    "visit_minutes": _("minutes of a visit"),
    "mark": _("mark"),
}
