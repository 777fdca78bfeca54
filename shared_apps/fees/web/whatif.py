"""What a tariff changes: past use priced under two versions, mall by mall; its tables; and the chart's figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_query
from kernel.workbooks import write_workbook
from shared_apps.fees import selectors
from shared_apps.fees.comparison_tables import comparison_rows, comparison_sheets, level_of, period_words
from shared_apps.fees.rules.comparing import Change, MallChange
from shared_apps.fees.selectors import READERS, SEES_ALL, WhatIf
from shared_apps.fees.serializers import CompareQuery
from shared_apps.fees.wording import label_of
from shared_apps.fees.words import LEVELS
from webkit.tables import csv_response

FIRST = 5
CHART_HEIGHT = 160
_COLUMN = 48
_BAR = 18


def _asked(request: HttpRequest) -> tuple[dict[str, Any], WhatIf | None]:
    """What was asked for, and the answer; None when no version can be compared yet."""
    asked = read_query(CompareQuery, request)
    actor = actor_of(request)
    if "new" not in asked:
        versions = selectors.tariffs(actor=actor)
        if not versions:
            return asked, None
        asked["new"] = versions[0].version
    return asked, selectors.what_if(actor=actor, now=utc_now(), **asked)


@page("fees.compare_tariffs", posts=READERS)
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions side by side over the use of a period."""
    asked, found = _asked(request)
    context: dict[str, Any] = {"found": found, "asked": asked, "sees_all": bool(actor_of(request).posts & SEES_ALL)}
    if found is not None:
        rows = found.found.malls
        query = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
        context |= {
            "choices": [(row.version, f"{row.version} · {row.name}") for row in found.versions],
            "periods": [(period, period_words(period)) for period in found.periods],
            "period": period_words(found.period),
            "levels": list(LEVELS.items()),
            "malls": [(row, level_of(row.level)) for row in rows],
            "months": [(month, change) for month, change in found.found.by_month.items()],
            "by_level": [(level_of(level), change) for level, change in found.found.by_level.items()],
            "by_meter": [(label_of(meter), change) for meter, change in found.found.by_meter.items()],
            "rises": _greatest(rows, sign=1),
            "falls": _greatest(rows, sign=-1),
            "chart": _chart(found.found.by_month),
            "csv_url": f"{reverse('fees:compare_csv')}?{query}",
            "workbook_url": f"{reverse('fees:compare_workbook')}?{query}",
        }
    return render(request, "fees/compare.html", context)


def _greatest(rows: tuple[MallChange, ...], *, sign: int) -> list[MallChange]:
    changed = [row for row in rows if row.change * sign > 0]
    return sorted(changed, key=lambda row: (-row.change * sign, row.code))[:FIRST]


def _chart(by_month: Mapping[Any, Change]) -> dict[str, Any]:
    """Two bars a month, in the units of the drawing."""
    most = max((max(one.before, one.after) for one in by_month.values()), default=Decimal(0))

    def height(amount: Decimal) -> int:
        return int(amount * CHART_HEIGHT / most) if most else 0

    bars = []
    for place, (month, one) in enumerate(by_month.items()):
        left = place * _COLUMN + 4
        bars.append(
            {
                "month": f"{month:%m}",
                "text_at": left + _BAR,
                "before": (left, CHART_HEIGHT - height(one.before), height(one.before)),
                "after": (left + _BAR, CHART_HEIGHT - height(one.after), height(one.after)),
            }
        )
    return {"bars": bars, "width": max(len(bars), 1) * _COLUMN, "bar": _BAR, "height": CHART_HEIGHT, "most": most}


@page("fees.compare_csv", posts=READERS)
def compare_csv(request: HttpRequest) -> HttpResponse:
    """The malls with their sums, as a table."""
    _what, found = _asked(request)
    head, *rows = comparison_rows(found)
    return csv_response("tariffs-compared.csv", head, rows)


@page("fees.compare_workbook", posts=READERS)
def compare_workbook(request: HttpRequest) -> HttpResponse:
    """The malls, the months and the meters, a sheet each."""
    _what, found = _asked(request)
    content = write_workbook(comparison_sheets(found), notes_title=_("About"), notes=_notes(found))
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, "tariffs-compared.xlsx")
    return response


def _notes(found: WhatIf | None) -> list[str]:
    if found is None:
        return [_("No tariff yet")]
    old = _("each month by the tariff in force") if found.old is None else f"{found.old.version} · {found.old.name}"
    return [
        _("Before: {tariff}").format(tariff=old),
        _("After: {tariff}").format(tariff=f"{found.new.version} · {found.new.name}"),
        _("Use of: {period}").format(period=period_words(found.period)),
        _("Computed from the uses known now; nothing is charged by it."),
    ]
