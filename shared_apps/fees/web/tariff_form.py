"""The form of a tariff: a part for every meter, bundles, discounts. It sends what the API takes, read by the same.

Everything works without a script: three empty tiers stand under each price, and a button brings more of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kernel.meters import METERS
from kernel.problems import InvalidInput
from shared_apps.fees.export import plain
from shared_apps.fees.meters import is_told
from shared_apps.fees.rules.terms import TIERS_MAX, PriceKind, Tariff
from shared_apps.fees.words import LEVELS, PRICE_KINDS

PRICE_FIELDS = ("unit_price", "allowance", "package_size", "minimum", "cap")
EMPTY_TIERS = 3
BUNDLES = 3
# A submit button of this name brings more tiers for the meter that is its value.
MORE = "more"


@dataclass
class Body:
    """What the API would be sent, and which field of the form each of its places came from."""

    data: dict[str, Any]
    places: dict[str, str] = field(default_factory=dict)

    def renamed(self, errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, texts in errors.items():
            found.setdefault(self.places.get(path, path), []).extend(texts)
        return found


def body_of(form: Mapping[str, str]) -> Body:
    """The form as the API takes it: a row a meter with a kind of price, empty fields left out.

    Strange fields stay, to be refused. Raises InvalidInput for a field sent twice, and for figures without a kind.
    """
    rest = {key: value for key, value in form.items() if key not in ("csrfmiddlewaretoken", MORE)}
    twice = [key for key in rest if isinstance(form, QueryDict) and len(form.getlist(key)) > 1]
    if twice:
        raise InvalidInput(errors={key: [_("This field was sent more than once.")] for key in twice})
    body = Body({})
    body.data["prices"] = _prices(rest, body.places)
    body.data["bundles"] = _bundles(rest, body.places)
    body.data["discounts"] = _discounts(rest, body.places)
    for name in ("minimum", "cap", "notice_days"):
        if not rest.get(name, ""):
            rest.pop(name, None)
    body.data.update(rest)
    return body


def _prices(rest: dict[str, str], places: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    loose = {}
    for meter in METERS.values():
        kind = rest.pop(f"kind-{meter.code}", "")
        row: dict[str, Any] = {"meter": meter.code, "kind": kind}
        start = f"prices.{len(found)}"
        mine = {f"{start}.kind": f"kind-{meter.code}", f"{start}.tiers": f"upto-{meter.code}-0"}
        for name in PRICE_FIELDS:
            mine[f"{start}.{name}"] = f"{name}-{meter.code}"
            if typed := rest.pop(f"{name}-{meter.code}", ""):
                row[name] = typed
        tiers: list[dict[str, str | None]] = []
        for number in range(TIERS_MAX):
            up_to, price = (rest.pop(f"{name}-{meter.code}-{number}", "") for name in ("upto", "price"))
            if up_to or price:
                mine[f"{start}.tiers.{len(tiers)}.up_to"] = f"upto-{meter.code}-{number}"
                mine[f"{start}.tiers.{len(tiers)}.price"] = f"price-{meter.code}-{number}"
                tiers.append({"up_to": up_to or None, "price": price})
        if tiers:
            row["tiers"] = tiers
        if kind:
            found.append(row)
            places.update(mine)
        elif len(row) > 2:
            loose[f"kind-{meter.code}"] = [_("Choose how it is charged, or empty its fields.")]
    if loose:
        raise InvalidInput(errors=loose)
    return found


def _bundles(rest: dict[str, str], places: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(BUNDLES):
        name, percent = (rest.pop(f"bundle-{number}-{what}", "") for what in ("name", "percent"))
        meters = [meter.code for meter in METERS.values() if rest.pop(f"bundle-{number}-has-{meter.code}", "")]
        if name or percent or meters:
            start = f"bundles.{len(found)}"
            places |= {f"{start}.{what}": f"bundle-{number}-{what}" for what in ("name", "percent")}
            places[f"{start}.meters"] = f"bundle-{number}-name"
            found.append({"name": name, "percent": percent, "meters": meters})
    return found


def _discounts(rest: dict[str, str], places: dict[str, str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for level in LEVELS:
        if percent := rest.pop(f"discount-{level}", ""):
            places[f"discounts.{len(found)}.percent"] = f"discount-{level}"
            found.append({"level": level, "percent": percent})
    return found


def typed_terms(terms: Tariff) -> dict[str, str]:
    """The fields of a form that says these terms: what "copy from version" starts with."""
    found: dict[str, str] = {}
    for price in terms.prices:
        found[f"kind-{price.meter}"] = str(price.kind)
        values: dict[str, Decimal | None] = {name: getattr(price, name) for name in PRICE_FIELDS}
        if price.kind.is_tiered:
            values["unit_price"] = None
        values["allowance"] = price.allowance or None
        found |= {f"{name}-{price.meter}": plain(value) for name, value in values.items() if value is not None}
        for number, tier in enumerate(price.tiers):
            found[f"upto-{price.meter}-{number}"] = "" if tier.up_to is None else plain(tier.up_to)
            found[f"price-{price.meter}-{number}"] = plain(tier.price)
    for number, bundle in enumerate(terms.bundles[:BUNDLES]):
        found |= {f"bundle-{number}-name": bundle.name, f"bundle-{number}-percent": plain(bundle.percent)}
        found |= {f"bundle-{number}-has-{meter}": "true" for meter in bundle.meters}
    found |= {f"discount-{level}": plain(percent) for level, percent in terms.discounts.items()}
    found |= {
        name: plain(value) for name, value in (("minimum", terms.minimum), ("cap", terms.cap)) if value is not None
    }
    return found


def form_context(typed: Mapping[str, str], errors: Mapping[str, Sequence[str]], more: str = "") -> dict[str, Any]:
    """What the page shows: every meter with what was typed and what is wrong with it; those in use are open."""
    meters = []
    for meter in METERS.values():
        used = [number for number in range(TIERS_MAX) if any(
            typed.get(f"{name}-{meter.code}-{number}") for name in ("upto", "price")
        )]  # fmt: skip
        shown = max(used, default=-1) + 1
        rows = min(max(EMPTY_TIERS, shown + (EMPTY_TIERS if more == meter.code else 1)), TIERS_MAX)
        names = [f"kind-{meter.code}", *(f"{name}-{meter.code}" for name in PRICE_FIELDS)]
        names += [f"{name}-{meter.code}-{number}" for name in ("upto", "price") for number in range(TIERS_MAX)]
        meters.append(
            {
                "meter": meter,
                "fields": {name: _field(f"{name}-{meter.code}", typed, errors) for name in ("kind", *PRICE_FIELDS)},
                "tiers": [
                    {name: _field(f"{name}-{meter.code}-{number}", typed, errors) for name in ("upto", "price")}
                    for number in range(rows)
                ],
                "may_have_more": rows < TIERS_MAX,
                "kind": _kind_words(typed.get(f"kind-{meter.code}", "")),
                "is_told": is_told(meter),
                "is_open": more == meter.code or any(errors.get(name) for name in names),
            }
        )
    return {
        "form": typed,
        "meters": meters,
        "kinds": [(str(kind), label) for kind, label in PRICE_KINDS.items()],
        "levels": [(label, _field(f"discount-{level}", typed, errors)) for level, label in LEVELS.items()],
        "bundles": [_bundle(number, typed, errors) for number in range(BUNDLES)],
        "own": {name: errors.get(name) for name in ("name", "document_number", "valid_from", "notice_days", "minimum",
                                                    "cap", "prices")},
    }  # fmt: skip


def _field(name: str, typed: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {"name": name, "value": typed.get(name, ""), "errors": errors.get(name)}


def _bundle(number: int, typed: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    names = [(f"bundle-{number}-has-{meter.code}", meter.label) for meter in METERS.values()]
    return {
        "number": number + 1,
        "name": _field(f"bundle-{number}-name", typed, errors),
        "percent": _field(f"bundle-{number}-percent", typed, errors),
        "meters": [(name, label, bool(typed.get(name))) for name, label in names],
    }


def _kind_words(kind: str) -> Any:
    return PRICE_KINDS[PriceKind(kind)] if kind in set(PriceKind) else ""
