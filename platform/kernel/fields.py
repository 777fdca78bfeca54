"""Model fields and constraint helpers shared by both rooms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import DatabaseDefault

if TYPE_CHECKING:
    DecimalFieldOf = models.DecimalField[str | int | Decimal, Decimal]
    IntFieldOf = models.Field[Any, int]
else:  # Django's fields are generic for the type checker only
    DecimalFieldOf = models.DecimalField
    IntFieldOf = models.Field


_CURRENT_XACT_ID: Func = Func(function="pg_current_xact_id")


class MoneyField(DecimalFieldOf):
    """numeric(18,2) yuan. Give the table a `money_check` as well: PostgreSQL's numeric takes NaN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 18
        kwargs["decimal_places"] = 2
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs


def money_check(field: str) -> Q:
    """Condition of a CHECK: not negative, and not NaN (in PostgreSQL NaN >= 0 holds, but NaN < Infinity does not)."""
    # Django's DecimalField refuses Decimal("Infinity") as a value, hence the literal.
    infinity: Func = Func(template="'Infinity'::numeric", output_field=models.DecimalField())
    return Q(**{f"{field}__gte": 0}) & Q(**{f"{field}__lt": infinity})


class Xid8Field(IntFieldOf):
    """The writing transaction's number. The database sets it by default; Django never writes it, and reads an int."""

    description = "64-bit transaction id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        kwargs["db_default"] = _CURRENT_XACT_ID
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("db_default", None)
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def to_python(self, value: Any) -> Any:
        return int(value) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        # Text, because xid8 compares with an untyped literal but has no operator with bigint.
        return str(value) if isinstance(value, int) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The default on INSERT whatever the attribute holds; on UPDATE the column itself, unchanged."""
        if add:
            return DatabaseDefault(_CURRENT_XACT_ID, output_field=self)
        return F(self.attname)
