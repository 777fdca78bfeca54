"""Attributes of shop categories: the list of categories, and one with its form. By region staff."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input
from kernel.problems import DomainError, InvalidInput, NotFound
from shared_apps.classification import selectors
from shared_apps.classification.attribute_rules import ATTRIBUTES_MAX
from shared_apps.classification.attributes import set_attributes
from shared_apps.classification.permissions import ADMINISTRATORS
from shared_apps.classification.serializers import SetAttributesInput, views_of
from shared_apps.classification.wording import TYPES
from webkit.answers import again, see_other

TEMPLATE = "classification/category.html"
COLUMNS = ("key", "name", "type", "unit", "is_required", "is_facet", "choices", "min_value", "max_value")
_BLANK = {"type": "choice", "is_required": "false", "is_facet": "false"}
_BLANKS = 2


@page("classification.categories", posts=ADMINISTRATORS)
def categories(request: HttpRequest) -> HttpResponse:
    versions = selectors.attribute_versions()
    rows = [
        (one, len(selectors.attributes_of(category_code=one.code)), versions.get(one.code, 0))
        for one in selectors.catalogue()
    ]
    return render(request, "classification/categories.html", {"rows": rows})


@page("classification.category", posts=ADMINISTRATORS, methods=("GET", "POST"))
def category(request: HttpRequest, category_code: str) -> HttpResponse:
    shown = selectors.category(code=category_code)
    if shown is None:
        raise NotFound(category=category_code)
    context: dict[str, Any] = {
        "category": shown,
        "history": selectors.attribute_history(category_code=category_code),
        "types": [(str(kind), label) for kind, label in TYPES.items()],
        "answers": [("false", _("No")), ("true", _("Yes"))],
    }
    context["version"] = context["history"][0].number if context["history"] else 0
    if request.method != "POST":
        return render(request, TEMPLATE, {**context, "rows": _shown(_present(category_code), {})})
    try:
        wanted = read_input(SetAttributesInput, as_input(request.POST))
        row = set_attributes(
            actor=actor_of(request),
            category_code=category_code,
            attributes=views_of(wanted["attributes"]),
            version=wanted["version"],
            reason=wanted["reason"],
            now=utc_now(),
        )
    except DomainError as error:
        errors = error.errors if isinstance(error, InvalidInput) else {}
        return again(request, TEMPLATE, error, {**context, "rows": _shown(_typed(request.POST), errors)})
    messages.success(request, _("Version %(number)s of the attributes holds now.") % {"number": row.number})
    return see_other(reverse("classification:category", args=[category_code]))


def as_input(sent: QueryDict) -> dict[str, Any]:
    """What the input serializer reads: rows come as repeated fields, the words of a choice with commas between.

    Raises InvalidInput for a field of the API's form.
    """
    if "attributes" in sent:
        raise InvalidInput(errors={"attributes": [_("This field is not known.")]})
    rest: dict[str, Any] = {}
    for key in sent:
        if key not in {"csrfmiddlewaretoken", *COLUMNS}:
            values = sent.getlist(key)
            rest[key] = values if len(values) > 1 else values[0]
    rest["attributes"] = [
        {**row, "choices": [word for word in re.split(r"[、，,;；\s]+", row["choices"]) if word]}
        for row in _typed(sent)
    ]
    return rest


def _typed(sent: QueryDict) -> list[dict[str, str]]:
    """The rows of the form; those without key and name are left out."""
    cells = zip_longest(*(sent.getlist(name)[: ATTRIBUTES_MAX + 1] for name in COLUMNS), fillvalue="")
    rows = [dict(zip(COLUMNS, (str(cell) for cell in row), strict=True)) for row in cells]
    return [row for row in rows if row["key"].strip() or row["name"].strip()]


def _present(code: str) -> list[dict[str, str]]:
    return [
        {
            "key": one.key,
            "name": one.name,
            "type": one.type,
            "unit": one.unit,
            "is_required": str(one.is_required).lower(),
            "is_facet": str(one.is_facet).lower(),
            "choices": "、".join(one.choices),
            "min_value": "" if one.min_value is None else f"{one.min_value.normalize():f}",
            "max_value": "" if one.max_value is None else f"{one.max_value.normalize():f}",
        }
        for one in selectors.attributes_of(category_code=code)
    ]


def _shown(rows: list[dict[str, str]], errors: Any) -> list[dict[str, Any]]:
    blanks = [{**dict.fromkeys(COLUMNS, ""), **_BLANK} for _number in range(_BLANKS)]
    return [
        {
            "number": place + 1,
            "cells": {
                name: {
                    "id": f"id_attributes.{place}.{name}",
                    "value": row[name][:1000],
                    "errors": _of(errors, place, name),
                }
                for name in COLUMNS
            },
        }
        for place, row in enumerate([*rows, *blanks][:ATTRIBUTES_MAX])
    ]


def _of(errors: Any, place: int, name: str) -> list[str]:
    """Errors of a cell; those of one word of a choice too."""
    stem = f"attributes.{place}.{name}"
    return [text for key, found in errors.items() if key == stem or key.startswith(f"{stem}.") for text in found]
