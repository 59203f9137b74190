"""管理: what whoever looks after the installation must know, the thing to do first."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xiaoer import __version__
from xiaoer.base import queries
from xiaoer.base.doors import page
from xiaoer.base.models import Role
from xiaoer.base.pages.people import now
from xiaoer.base.scope import Actor


@require_GET
@page(Role.ADMINISTRATOR)
def administration(request: HttpRequest, by: Actor) -> HttpResponse:
    """Backup, journal, jobs, calendar; each with how it stands and what to do."""
    at = now()
    installation = queries.installation()
    jobs = queries.job_state(now=at)
    return render(
        request,
        "base/administration.html",
        {
            "installation": installation,
            "version": __version__,
            "address": settings.PUBLIC_ADDRESS,
            "backup_is_old": queries.backup_is_old(installation, at),
            "jobs": jobs,
            "jobs_well": jobs.is_well(at),
            "seals": queries.seal_state(by=by),
            "tellings": queries.notices(by=by, now=at),
            "unified": bool(settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect")),
            "https": settings.BEHIND_HTTPS,
        },
    )
