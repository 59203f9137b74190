"""Addresses of applying: public, by the link of an application, and of an enterprise signed in."""

from django.urls import URLPattern, path

from xiaoer.permits.pages import drafting, mine, plan_steps, services
from xiaoer.permits.pages.ways import LINK, MINE

# The pages of one application, by the end of their address: two doors lead to each.
_PARTS = (
    ("", "", drafting.CASE),
    ("contact/", "contact", drafting.CONTACT),
    ("answers/", "answers", drafting.ANSWERS),
    ("form/<int:number>/", "form", drafting.FORM),
    ("papers/<slug:paper_code>/", "paper", drafting.PAPER),
    ("papers/<slug:paper_code>/file/", "paper_file", drafting.PAPER_FILE),
    ("promise/", "promise", drafting.PROMISE),
    ("check/", "check", drafting.CHECK),
    ("receipt.pdf", "receipt", drafting.RECEIPT),
    ("results/<int:item_id>/", "result", drafting.RESULT),
    ("do/<slug:verb>/", "do", drafting.DO),
)


def _both(end: str, name: str, doors: drafting.Doors) -> list[URLPattern]:
    own, link = (f"{prefix}_{name}".rstrip("_") for prefix in (MINE, LINK))
    return [
        path(f"my/cases/<int:case_id>/{end}", doors.mine, name=own),
        path(f"services/apply/<str:token>/{end}", doors.link, name=link),
    ]


urlpatterns: list[URLPattern] = [
    path("services/", services.services_home, name="services_home"),
    *(pattern for part in _PARTS for pattern in _both(*part)),
    path("my/cases/", mine.my_cases, name="my_cases"),
    path("cases/for-step/<int:plan_step_id>/", plan_steps.case_for_step, name="case_for_step"),
    path("my/cases/card/", mine.my_cases_card, name="my_cases_card"),
    path("ratings/", mine.ratings, name="ratings"),
    path("ratings/<int:rating_id>/answer/", mine.rating_answer, name="rating_answer"),
    path("services/<slug:zone_code>/", services.services, name="services"),
    path("services/<slug:zone_code>/track/", services.service_track, name="service_track"),
    path("services/<slug:zone_code>/<slug:code>/", services.service_guide, name="service_guide"),
    path(
        "services/<slug:zone_code>/<slug:code>/questions/",
        services.service_questions,
        name="service_questions",
    ),
    path("services/<slug:zone_code>/<slug:code>/list/", services.service_list, name="service_list"),
    path(
        "services/<slug:zone_code>/<slug:code>/start/", services.service_start, name="service_start"
    ),
]
