"""Migrations made for the benchmark: a nullable column more each round, put into Django's graph on either side."""

from __future__ import annotations

from django.db import models
from django.db.migrations import AddField, Migration
from django.db.migrations.loader import MigrationLoader

APP, MODEL, TABLE = "storefront", "cart", "storefront_cart"
_added: list[Migration] = []


def column(number: int) -> str:
    return f"bench_{number:04}"


def add(number: int) -> None:
    """From now on the migration that adds `column(number)` is there, behind those added before."""
    if not _added:
        _hook()
        before = max(name for app, name in MigrationLoader(None).disk_migrations if app == APP)
    else:
        before = _added[-1].name
    body = {
        "dependencies": [(APP, before)],
        "operations": [AddField(MODEL, column(number), models.CharField(max_length=20, null=True))],
    }
    _added.append(type("Migration", (Migration,), body)(f"9{number:03}_{column(number)}", APP))


def _hook() -> None:
    real = MigrationLoader.load_disk

    def load_disk(self: MigrationLoader) -> None:
        real(self)
        self.disk_migrations |= {(found.app_label, found.name): found for found in _added}

    MigrationLoader.load_disk = load_disk  # type: ignore[method-assign]
