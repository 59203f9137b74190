"""Addresses of elements and promises."""

from django.urls import path

from xiaoer.projects.pages import elements, promises

urlpatterns = [
    path("projects/elements/", elements.element_list, name="element_list"),
    path("projects/elements/new/", elements.element_new, name="element_new"),
    path("projects/elements/<int:need_id>/", elements.element_need, name="element_need"),
    path("projects/elements/<int:need_id>/act/", elements.element_act, name="element_act"),
    path("projects/promises/", promises.promise_list, name="promise_list"),
    path("projects/promises/new/", promises.promise_new, name="promise_new"),
    path("projects/promises/<int:promise_id>/", promises.promise, name="zone_promise"),
    path("projects/promises/<int:promise_id>/act/", promises.promise_act, name="promise_act"),
    path("projects/<int:project_id>/elements/", elements.project_elements, name="project_elements"),
    path("matters/<int:matter_id>/elements/", elements.matter_elements, name="matter_elements"),
]
