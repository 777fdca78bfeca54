from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The commands that know every app."""

    name = "config"
    label = "project"
