"""A column of search tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from shared_apps.products.rules import as_tsvector

if TYPE_CHECKING:
    TokensFieldOf = models.Field[Any, Any]
else:  # Django's fields are generic for the type checker only
    TokensFieldOf = models.Field


class TokensField(TokensFieldOf):
    """tsvector written from a list of tokens; read only by the database."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_prep_value(self, value: Any) -> Any:
        return as_tsvector(value) if isinstance(value, list | tuple) else value
