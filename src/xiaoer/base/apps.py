"""Registration of the base, and the web role's rights on the tables of other people's packages."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

# Tables outside row security (house.md section 3): sign-in, sessions, lock-out, jobs.
OUTSIDE_APPS = frozenset(
    {"account", "axes", "contenttypes", "mfa", "sessions", "socialaccount", "auth", "procrastinate"}
)


def grant_outside_tables(app_config: AppConfig, using: str, **_: Any) -> None:
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
