from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register


class KernelConfig(AppConfig):
    """No models: installed for its system checks and its catalogue of messages."""

    name = "kernel"

    def ready(self) -> None:
        from kernel.checks import check_routes

        register(check_routes, Tags.urls)
