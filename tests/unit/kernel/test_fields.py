from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.db.models.expressions import DatabaseDefault, F

from kernel.fields import MoneyField, Xid8Field, money_check


def test_money_is_always_numeric_18_2() -> None:
    field = MoneyField(max_digits=3, null=True)
    assert (field.max_digits, field.decimal_places) == (18, 2)
    _, path, args, kwargs = field.deconstruct()
    assert (path, list(args), kwargs) == ("kernel.fields.MoneyField", [], {"null": True})


def test_the_check_can_be_written_into_a_migration() -> None:
    text, _ = MigrationWriter.serialize(money_check("amount"))
    assert "Infinity" in text
    assert money_check("amount") == money_check("amount")


def test_the_transaction_number_is_the_databases() -> None:
    field: Any = Xid8Field()
    field.set_attributes_from_name("xid")
    assert field.db_type(None) == "xid8"
    assert field.from_db_value("9223372036854775808", None, None) == 2**63
    assert field.from_db_value(None, None, None) is None
    assert field.get_db_prep_value(12, None) == "12"
    assert isinstance(field.pre_save(models.Model.__new__(models.Model), True), DatabaseDefault)
    assert field.pre_save(models.Model.__new__(models.Model), False) == F("xid")
    assert field.deconstruct()[1:] == ("kernel.fields.Xid8Field", [], {})
    assert Xid8Field().db_default == Xid8Field().db_default
