"""The words of the app that works without network, by the keys its scripts know (static/web/field)."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, str | Promise] = {
    "title": _("Field work"),
    "app": _("Xiaoer"),
    "demo": _("Demo data"),
    "day": _("%(month)s-%(date)s"),
    "day_of_year": _("%(year)s-%(month)s-%(date)s"),
    "light_red": _("Red light"),
    "light_amber": _("Amber light"),
    "light_green": _("Green light"),
    "light_grey": _("No data"),
    "optional": _("optional"),
    "go_back": _("Go back, change nothing"),
    # The head and the bar
    "n_firms": _("%(n)s enterprises"),
    "may_go_offline": _("works offline"),
    "offline": _("offline"),
    "bar": _("Bar"),
    "visits": _("Visits"),
    "waiting": _("To send"),
    "phone": _("This phone"),
    "whole": _("All pages"),
    "newer": _("A newer version is ready."),
    "take_newer": _("Change to it"),
    "must_sign_in": _("Your session has ended. What you log is kept; sign in to send it."),
    "sign_in": _("Sign in"),
    # The day
    "order_title": _("Order of visits"),
    "today": _("today"),
    "today_n": _("Visits today: %(n)s"),
    "further_firms": _("Then"),
    "order_of_visits": _("Whom to see first"),
    "left_out": _("%(n)s more enterprises are not on the phone; find them with network."),
    "no_firms": _("No enterprise is yours yet. With network, every enterprise can be found."),
    "arrived": _("I am there, log the visit"),
    "navigate_to": _("Way to %(firm)s"),
    "call_firm": _("Call %(firm)s"),
    "ask_too": _("Ask too: %(question)s"),
    "logged": _("logged"),
    # A firm
    "contact": _("Contact"),
    "address": _("Address"),
    "cell": _("Cell"),
    "planned": _("Planned"),
    "log_visit": _("Log a visit"),
    "open_requests": _("Open requests"),
    "no_requests": _("None is open."),
    "questions": _("Questions"),
    "no_questions": _("Nothing is to be asked."),
    "last_visits": _("Last visits"),
    "no_visits": _("No visit is known."),
    # The form
    "met": _("Whom you met"),
    "day_of_visit": _("Day"),
    "said": _("What they told us"),
    "no_inspection": _("A visit is not an inspection: write what the enterprise said."),
    "phrases": _("Common phrases"),
    "programme": _("Programme"),
    "add_request": _("Add a request"),
    "request_n": _("Request raised, %(n)s"),
    "request_title": _("What is the matter"),
    "request_body": _("What happened, and what you need"),
    "request_kind": _("Kind"),
    "request_urgency": _("How urgent"),
    "request_phone": _("Telephone"),
    "add_step": _("Add a promised next step"),
    "step_n": _("Next step %(n)s"),
    "step_on": _("Promised for"),
    "step_day_missing": _("Say until when."),
    "not_sure": _("Not sure, please sort it for me"),
    "not_answered": _("not asked yet"),
    "does_not_say": _("The enterprise does not say"),
    "yes": _("yes"),
    "no": _("no"),
    "photos": _("Photos"),
    "photos_help": _("Made smaller on the phone; where they were taken is removed."),
    "photo_not_a_photo": _("%(name)s is not a photo."),
    "photo_too_large": _("%(name)s is larger than 20 MB."),
    "photo_too_many": _("At most %(most)s photos on one visit."),
    "photo_away": _("Take %(name)s off this visit?"),
    "take_off": _("Take off"),
    "keep_visit": _("Keep the visit"),
    "saved": _("Saved %(time)s"),
    "clock_off": _(
        "The clock of this phone is off by %(hours)s hours; the day is taken from the zone's clock."
    ),
    "met_missing": _("Say whom you met."),
    "day_missing": _("Say on which day."),
    "programme_missing": _("Choose under what name the visit was made."),
    "title_missing": _("Say in a few words what it is about."),
    # What waits
    "n_visits": _("%(n)s visits"),
    "n_photos": _("%(n)s photos"),
    "n_requests": _("%(n)s requests"),
    "not_sent": _("Not sent yet"),
    "nothing_waits": _("Everything is sent."),
    "send_now": _("Send now"),
    "sent": _("Sent"),
    "state_waiting": _("waits to be sent"),
    "state_photos": _("photos wait"),
    "state_sent": _("has arrived"),
    "state_clash": _("your choice"),
    "state_refused": _("not accepted"),
    "was_there": _("It had arrived already and stands once."),
    "as_companion": _("You stand as companion on your colleague's visit."),
    "filed": _("Request filed: %(number)s"),
    "photo_refused": _("%(name)s was not accepted: %(why)s"),
    "explain": _("Give the reason"),
    "mend": _("Mend it"),
    "drop": _("Drop"),
    "drop_sure": _("This visit and its photos are deleted from the phone and never sent."),
    "side_by_side": _("Both visits side by side"),
    "what": _("What"),
    "visitor": _("Visitor"),
    "myself": _("Myself"),
    "on_phone": _("On this phone"),
    "there_already": _("There already"),
    "join": _("Join it as companion"),
    "separate": _("It was another visit"),
    "day_by_phone": _("By the phone's clock"),
    "day_by_zone": _("By the zone's clock"),
    "this_day": _("It was this day"),
    # The phone
    "this_phone": _("This phone"),
    "name": _("Name of this phone"),
    "officer": _("Officer"),
    "kept_until": _("Kept until"),
    "leaving": _("Signing out"),
    "leaving_words": _("Signing out deletes from this phone whatever is yours."),
    "sign_out": _("Sign out"),
    "all_phones": _("Phones with field work"),
    "out_sure": _("%(n)s visits are not sent yet. Signing out deletes them."),
    "out_anyway": _("Delete them and sign out"),
    "send_first": _("Send them first"),
    "wipe": _("Wipe this phone"),
    "wipe_sure": _("Everything this phone keeps is deleted, what was not sent included."),
    # Why there is nothing
    "keep_title": _("Work without network"),
    "keep_words": _(
        "This phone then keeps your enterprises with their contacts, open requests and questions, encrypted, for the days your zone allows. Only on a phone that is in your hands alone."
    ),
    "keep": _("Keep it on this phone"),
    "android": _("Android phone"),
    "iphone": _("iPhone"),
    "this_device": _("This computer"),
    "sign_in_title": _("Sign in first"),
    "sign_in_words": _(
        "Sign in once with network; afterwards your enterprises are here without it too."
    ),
    "locked_words": _(
        "The key of this phone is gone: you signed out, or its days are over. Sign in to open it."
    ),
    "locked_offline": _(
        "The key of this phone is gone: you signed out, or its days are over. Sign in when there is a network."
    ),
    "sealed_waits": _("%(n)s visits wait here sealed and will be sent after you sign in."),
    "nothing_kept": _("Nothing is kept on this phone yet. Open this page once with network."),
    "offline_title": _("No connection"),
    "offline_words": _(
        "This page needs the network. Your enterprises and what you log are kept on the phone under Field work."
    ),
    "to_the_day": _("To the visits of the day"),
    "emptied_title": _("This phone was wiped"),
    "emptied_words": _(
        "On request of the zone everything kept here was deleted at %(time)s, what was not sent included."
    ),
    "not_yours": _("Somebody else's work is on this phone"),
    "not_yours_words": _("Let its owner sign in, or wipe the phone to use it yourself."),
    "not_here": _("Not on this phone"),
    "not_here_words": _("This enterprise is not among those kept here."),
}


def words(language: str) -> dict[str, str]:
    """All of it in one language."""
    with translation.override(language):
        return {key: str(said) for key, said in WORDS.items()}
