"""Sends each model to its room. No relation crosses the line."""

from __future__ import annotations

from typing import Any

from django.db import models

from tenants.database.context import REGION_ALIAS, TENANT_ALIAS
from tenants.database.guards import refuse_foreign
from tenants.database.rooms import room_of


def alias_of(app_label: str) -> str:
    return TENANT_ALIAS if room_of(app_label) == "tenant" else REGION_ALIAS


class RoomRouter:
    """Django's database router, and django-tenants' TENANT_SYNC_ROUTER."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        # The row whose relation is followed, or that is read again: in its own tenant only.
        refuse_foreign(hints.get("instance"))
        return alias_of(model._meta.app_label)

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        refuse_foreign(hints.get("instance"))
        return alias_of(model._meta.app_label)

    def allow_relation(self, obj1: models.Model, obj2: models.Model, **hints: Any) -> bool:
        refuse_foreign(obj1)
        refuse_foreign(obj2)
        return alias_of(obj1._meta.app_label) == alias_of(obj2._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return alias_of(app_label) == db
