"""A comparison of tariffs as tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from kernel.spreadsheets import Column
from kernel.workbooks import WrittenSheet
from shared_apps.fees.rules.comparing import LAST_12, Change
from shared_apps.fees.selectors.whatif import WhatIf
from shared_apps.fees.wording import label_of
from shared_apps.fees.words import LEVELS


def period_words(period: str) -> str:
    if period == LAST_12:
        return _("the last twelve months that are over")
    return _("fiscal year {year}, months that are over").format(year=period)


def level_of(level: str) -> str:
    return str(LEVELS.get(level, level))


def _figures(one: Change) -> tuple[object, ...]:
    return one.before, one.after, one.change, "" if one.percent is None else f"{one.percent}%"


def _head() -> tuple[str, ...]:
    return _("Before (yuan)"), _("After (yuan)"), _("Change (yuan)"), _("Change in per cent")


def comparison_rows(found: WhatIf | None) -> Iterator[Sequence[object]]:
    """A row a mall, then the sum."""
    yield _("Code"), _("Mall"), _("Level of government"), *_head()
    if found is None:
        return
    for row in found.found.malls:
        yield row.code, row.name, level_of(row.level), *_figures(row)
    yield "", _("Total"), "", *_figures(found.found.total)


def comparison_sheets(found: WhatIf | None) -> list[WrittenSheet]:
    """Malls; months of each mall; months; meters."""
    malls = [tuple(map(_text, row)) for row in list(comparison_rows(found))[1:]]
    sheets = [_sheet(_("Malls"), (_("Code"), _("Mall"), _("Level of government")), malls)]
    if found is None:
        return sheets
    each = [
        (row.code, row.name, f"{month:%Y-%m}", *map(_text, _figures(one)))
        for row in found.found.malls
        for month, one in row.by_month.items()
    ]
    sheets.append(_sheet(_("Malls by month"), (_("Code"), _("Mall"), _("Month")), each))
    months = [(f"{month:%Y-%m}", *map(_text, _figures(one))) for month, one in found.found.by_month.items()]
    sheets.append(_sheet(_("Months"), (_("Month"),), months))
    meters = [(label_of(meter), *map(_text, _figures(one))) for meter, one in found.found.by_meter.items()]
    sheets.append(_sheet(_("Meters"), (_("Meter"),), meters))
    return sheets


def _text(value: object) -> str:
    return str(value)


def _sheet(title: str, first: Sequence[str], rows: Sequence[Sequence[str]]) -> WrittenSheet:
    names = (*first, *_head())
    return WrittenSheet(title, [Column(f"c{place}", name, width=18) for place, name in enumerate(names)], rows)
