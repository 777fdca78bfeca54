"""A migration of every kind of step that is not in the tree; it can be told to stop half-way."""

from __future__ import annotations

import os
import time
from typing import Any

from django.db import models
from django.db.migrations import AddField, CreateModel, RunPython

from tests.tenancy.extra_migrations import migration

NAME = "0900_walk"


def walk(apps: Any, editor: Any) -> None:
    """Writes into the new column; where it is told to, it stops there."""
    apps.get_model("storefront", "Cart").objects.update(colour="blue")
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    if os.environ.get("YZ_TEST_PAUSE") == schema.removeprefix("t"):
        print("half-way", flush=True)
        time.sleep(60)


def walking() -> Any:
    """A column, code, and a table: half of it would show."""
    return migration(
        NAME,
        [
            AddField("cart", "colour", models.CharField(max_length=10, db_default="red")),
            RunPython(walk, RunPython.noop),
            CreateModel("extra", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
        ],
    )
