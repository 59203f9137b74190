"""Addresses of the wall."""

from django.urls import path

from xiaoer.projects.pages import placing, wall

urlpatterns = [
    path("projects/wall/", wall.wall_page, name="wall"),
    path("projects/wall/screen/", wall.wall_screen, name="wall_screen"),
    path("projects/wall/data.json", wall.wall_data, name="wall_data"),
    path("projects/gantt/", wall.gantt_page, name="wall_gantt"),
    path("projects/heat/", wall.heat_page, name="wall_heat"),
    path("projects/<int:project_id>/spot/", placing.project_spot, name="project_spot"),
]
