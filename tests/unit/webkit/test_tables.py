"""Tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy

from webkit.tables import cell, csv_response


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1", gettext_lazy("=1")]
)
def test_no_text_is_a_formula(text: object) -> None:
    assert cell(text) == f"'{text}"


def test_values_as_cells() -> None:
    shown = [cell(value) for value in (None, Decimal("-12.30"), Decimal("1E+3"), -7, date(2026, 11, 1), "中 '心'", "")]
    assert shown == ["", "-12.30", "1000", "-7", "2026-11-01", "中 '心'", ""]


def test_a_table_reads_back() -> None:
    rows = [["00123", 'a, "b"\nc', Decimal("1.00")], ["=x", None, 3]]
    response = csv_response("结算 2026.csv", ["编号", "＝名称", "金额"], iter(rows))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E7%BB%93%E7%AE%97%202026.csv"
    assert response.content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert read == [["编号", "'＝名称", "金额"], ["00123", 'a, "b"\nc', "1.00"], ["'=x", "", "3"]]
    assert csv_response("malls.csv", ["a"], [])["Content-Disposition"] == 'attachment; filename="malls.csv"'
