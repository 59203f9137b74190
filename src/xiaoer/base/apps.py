"""Registration of the base, and the web role's rights on the tables of other people's packages."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.web.environment import register_filter
from xiaoer.web.words import number

# Tables outside row security (house.md section 3): sign-in, sessions, lock-out, jobs.
OUTSIDE_APPS = frozenset(
    {"account", "axes", "contenttypes", "mfa", "sessions", "socialaccount", "auth", "procrastinate"}
)

VERBS = {
    "leave_tasks": _("left these for the next time"),
    "open_office": _("opened an office"),
    "change_office": _("changed an office"),
    "close_office": _("closed an office"),
    "add_person": _("added a person"),
    "change_person": _("changed a person's details"),
    "person_left": _("recorded that a person left"),
    "person_back": _("recorded that a person is back"),
    "give_post": _("gave a post"),
    "end_post": _("ended a post"),
    "move_post": _("moved a post to another office"),
    "name_deputy": _("named a deputy"),
    "end_deputy": _("ended a deputy"),
    "give_account": _("gave an account"),
    "reset_password": _("printed a new password"),
    "choose_own_password": _("chose a new password"),
    "close_account": _("closed an account"),
    "open_account": _("opened an account again"),
    "add_officers": _("added officers from a sheet"),
    "set_complaint_phone": _("changed the complaint telephone"),
    "make_token": _("made an API token"),
    "revoke_token": _("revoked an API token"),
    "keep_file": _("kept a file"),
    "pin_file": _("pinned a paper"),
    "unpin_file": _("took a paper off"),
    "pin_again": _("put a paper back"),
}


def file_size(size: int | None) -> str:
    """A size as an office says it: 480 KB, 1.2 MB."""
    if size is None:
        return number(None)
    if size < 1 << 20:
        return f"{number(max(1, size >> 10))} KB"
    return f"{number(size / (1 << 20), 1)} MB"


def grant_outside_tables(app_config: AppConfig, using: str, **_more: Any) -> None:
    """Let the web role use tables of packages that know nothing of our roles."""
    if app_config.label not in OUTSIDE_APPS:
        return
    with connections[using].cursor() as cursor:
        for model in app_config.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(
                f"grant select, insert, update, delete on {table} to xiaoer_web;"
                f"grant select on {table} to xiaoer_backup"
            )
        if app_config.label == "procrastinate":
            # A verb defers a job in its own transaction, so the zone's roles may add to the queue.
            cursor.execute(
                "grant insert, select, update on procrastinate_jobs to xiaoer_app, xiaoer_outside;"
                "grant insert, select on procrastinate_events to xiaoer_app, xiaoer_outside;"
                "grant usage on all sequences in schema public"
                " to xiaoer_web, xiaoer_app, xiaoer_outside"
            )


class BaseConfig(AppConfig):
    name = "xiaoer.base"
    label = "base"

    def ready(self) -> None:
        post_migrate.connect(grant_outside_tables)
        name_verbs(VERBS)
        lead_to({"person": "person", "office": "office", "zone": "zone_settings"})
        call_by({"post": "person__name", "deputy": "deputy__person__name"})
        let_pin("office")
        register_filter("file_size", file_size)
