"""The addresses of a process that is a demo."""

from django.urls import include, path

from xiaoer.config.urls import urlpatterns as usual

urlpatterns = [*usual, path("demo/", include("xiaoer.demo.urls"))]
