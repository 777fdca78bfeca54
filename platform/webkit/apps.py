"""Django app of the page kit: no models, so it lives in neither room."""

from django.apps import AppConfig


class WebkitConfig(AppConfig):
    name = "webkit"
    label = "webkit"
    verbose_name = "Page kit"
