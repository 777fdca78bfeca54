"""Forms of offers as a browser sends them: delivery areas come as repeated fields, the API's as a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from kernel.file_kinds import FileRefused
from kernel.problems import InvalidInput
from shared_apps.listings.services.breaches import Upload
from shared_apps.products.offered import Area, OfferedOffer
from shared_apps.products.rules import REGION_CODE, VAT_RATES
from tenants.divisions.selectors import places
from tenants.journaling.files import SIZE_BYTES_MAX

# Rows of the form: field of the API, its columns, and the names of the repeated fields.
ROWS: dict[str, dict[str, str]] = {
    "areas": {"division_code": "area_code", "freight": "area_freight", "surcharge": "area_surcharge"}
}
EMPTY_ROWS = 2
# Left empty in a form: not given. A file that was not chosen comes as an empty field.
OPTIONAL = frozenset(
    {
        "valid_from", "valid_to", "vat_rate", "price", "reference_price", "stock_note", "reason", "kind", "note",
        "market_price", "scope_code", "assignee_id", "supplier_id", "min_quantity", "pack_quantity", "file",
    }
)  # fmt: skip
TERMS = (
    "price", "reference_price", "min_quantity", "pack_quantity", "delivery_days", "stock_note", "valid_from",
    "valid_to", "vat_rate",
)  # fmt: skip
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # a field's name


def as_input(sent: QueryDict, *, lists: Collection[str] = (), rows: bool = False) -> dict[str, Any]:
    """What the input serializer reads: a field sent twice stays a list, which every single value refuses."""
    names = set(ROWS["areas"].values()) if rows else set()
    wanted: dict[str, Any] = {}
    for key in sent:
        if key == _TOKEN or key in names:
            continue
        values = sent.getlist(key)
        if values == [""] and key in OPTIONAL:
            continue
        wanted[key] = values if key in lists or len(values) > 1 else values[0]
    if rows and "areas" not in wanted and any(name in sent for name in names):
        wanted["areas"] = _rows(sent)
    return wanted


def _rows(sent: QueryDict) -> list[dict[str, str]]:
    columns = ROWS["areas"]
    cells = zip_longest(*(sent.getlist(name) for name in columns.values()), fillvalue="")
    rows = [dict(zip(columns, (str(cell) for cell in row), strict=True)) for row in cells]
    return [row for row in rows if any(cell.strip() for cell in row.values())]


def uploaded(request: HttpRequest, name: str = "file") -> Upload | None:
    """The one file of a form, which may be left out. Raises InvalidInput, FileRefused."""
    found = request.FILES.getlist(name)
    if set(request.FILES) - {name} or len(found) > 1:
        raise InvalidInput(errors={name: [_("Choose one file.")]})
    if not found:
        return None
    if (found[0].size or 0) > SIZE_BYTES_MAX:
        raise FileRefused("too-large")
    return Upload(str(found[0].name), bytes(found[0].read()))


def divisions() -> list[tuple[str, str]]:
    """The choices of a delivery area: the whole region first, then every division of today by code."""
    known = places()
    names = [(code, f"{code} {place.name}") for code, place in sorted(known.items()) if code != REGION_CODE]
    return [(REGION_CODE, f"{REGION_CODE} {_('The whole region')}"), *names]


def division_names() -> Mapping[str, str]:
    found = {code: place.name for code, place in places().items()}
    return {**found, REGION_CODE: found.get(REGION_CODE) or _("The whole region")}


def vat_rates() -> list[tuple[str, str]]:
    return [(str(rate), f"{int(rate * 100)}%") for rate in VAT_RATES]


def area_rows(
    *, sent: QueryDict | None = None, areas: Sequence[Area] = (), errors: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of the form with what was typed, else with what is stored, and some empty ones."""
    errors = errors or {}
    if sent is not None:
        filled = _rows(sent)[:130]
    else:
        filled = [{"division_code": code, "freight": str(f), "surcharge": str(s)} for code, f, s in areas]
    blank = dict.fromkeys(ROWS["areas"], "")
    return [
        {
            "number": index + 1,
            "code": str(row.get("division_code", ""))[:20],
            "freight": str(row.get("freight", ""))[:40],
            "surcharge": str(row.get("surcharge", ""))[:40],
            "errors": [text for column in ROWS["areas"] for text in errors.get(f"areas.{index}.{column}", ())],
        }
        for index, row in enumerate([*filled, *[blank] * EMPTY_ROWS])
    ]


def terms_of(offer: OfferedOffer) -> dict[str, str]:
    """A stored offer's terms as the form has them."""

    def text(value: object) -> str:
        return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)

    shown = {name: text(getattr(offer, name)) for name in TERMS if name != "vat_rate"}
    return {**shown, "vat_rate": text(offer.own_vat_rate)}
