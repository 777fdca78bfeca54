"""How content, changes and choices are shown, the same on every page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.agencies.models import ReportedChange
from shared_apps.agencies.provinces import provinces
from shared_apps.agencies.rules.content import CONTENT_FIELDS, Content
from shared_apps.agencies.wording import FIELDS, LACKS
from tenants.divisions.selectors import Place, places


def division_label(code: str, known: dict[str, Place]) -> str:
    """The division's name with its prefecture's before it."""
    place = known.get(code)
    if place is None:
        return code
    above = known.get(place.prefecture_code)
    return f"{above.name} {place.name}" if above is not None and above.code != place.code else place.name


def value_label(field: str, value: Any, known: dict[str, Place]) -> str:
    """A content value in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field == "home_province":
        return provinces().get(str(value), str(value))
    if field == "division_code":
        return division_label(str(value), known)
    return str(value)


def content_rows(content: Content, known: dict[str, Place]) -> list[dict[str, Any]]:
    """Label and value of every field of the content."""
    return [
        {"field": name, "label": FIELDS[name], "value": value_label(name, getattr(content, name), known)}
        for name in CONTENT_FIELDS
    ]


def change_rows(changes: Iterable[ReportedChange], known: dict[str, Place]) -> list[dict[str, Any]]:
    return [
        {
            "change": change,
            "items": [
                {
                    "label": FIELDS[item["field"]],
                    "old": value_label(item["field"], item["old"], known),
                    "new": value_label(item["field"], item["new"], known),
                }
                for item in change.items
            ],
        }
        for change in changes
    ]


def missing_rows(missing: dict[str, str]) -> list[dict[str, Any]]:
    return [{"field": field, "label": FIELDS[field], "reason": LACKS[lack]} for field, lack in missing.items()]


def reason_rows(reasons: dict[str, str]) -> list[dict[str, Any]]:
    return [{"label": FIELDS[field], "reason": reason} for field, reason in reasons.items() if field in FIELDS]


def division_choices(known: dict[str, Place]) -> list[tuple[str, str]]:
    return [(code, f"{division_label(code, known)} {code}") for code in known]


def province_choices() -> list[tuple[str, str]]:
    return list(provinces().items())


def all_places() -> dict[str, Place]:
    return places()
