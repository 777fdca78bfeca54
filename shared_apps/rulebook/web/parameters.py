"""The form of a rule's parameters, made from what the rule declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input
from kernel.problems import DomainError, InvalidInput, NotFound
from shared_apps.rulebook import selectors
from shared_apps.rulebook.entering import enter_parameters
from shared_apps.rulebook.parameters import SETTABLE, Parameter, Shape, as_texts
from shared_apps.rulebook.permissions import WRITERS
from shared_apps.rulebook.serializers import DatedInput
from shared_apps.rulebook.wording import KINDS, LEVELS, TITLES
from shared_apps.rulebook.words import PARAMETERS, SEVERITIES
from webkit.answers import again, see_other

TEMPLATE = "rulebook/new_parameters.html"
# Left empty in the form: not given.
_OPTIONAL = frozenset({"amount", "severity", "source_url"})


@page("rulebook.new_parameters", posts=WRITERS, methods=("GET", "POST"))
def new_parameters(request: HttpRequest, version_id: int) -> HttpResponse:
    row = selectors.version(version_id=version_id)
    if row.code not in SETTABLE:
        raise NotFound(version_id=version_id)
    settable = SETTABLE[row.code]
    context: dict[str, Any] = {
        "row": row,
        "title": TITLES.get(row.code, row.code),
        "level": LEVELS.get(row.level, row.level),
        "kind": KINDS.get(row.kind, row.kind),
        "amount": settable.amount,
        "severities": [(name, SEVERITIES[name]) for name in settable.severities],
        "form": {
            "valid_from": local_date(utc_now()).isoformat(),
            "amount": "" if row.amount is None else str(row.amount),
            "severity": row.severity,
        },
    }
    if request.method != "POST":
        context["fields"] = _fields(row.code, as_texts(row.code, row.parameters), {})
        return render(request, TEMPLATE, context)
    texts = {one.name: _sent(one, request.POST) for one in settable.parameters}
    try:
        wanted = read_input(DatedInput, _as_input(request.POST, texts))
        made = enter_parameters(
            actor=actor_of(request), version_id=version_id, parameters=texts, now=utc_now(), **wanted
        )
    except DomainError as error:
        errors = error.errors if isinstance(error, InvalidInput) else {}
        context["fields"] = _fields(row.code, texts, errors)
        return again(request, TEMPLATE, error, context)
    messages.success(request, _("The version is entered. It takes effect once somebody else has verified it."))
    return see_other(reverse("rulebook:version", args=[made.pk]))


def _sent(one: Parameter, sent: QueryDict) -> str:
    """A field's text; of boxes those that are ticked, of a field sent twice nothing that fits."""
    return " ".join(sent.getlist(one.name))


def _as_input(sent: QueryDict, texts: Mapping[str, str]) -> dict[str, Any]:
    """What the form says beside the rule's own fields."""
    body: dict[str, Any] = {}
    for name in sent:
        if name == "csrfmiddlewaretoken" or name in texts:
            continue
        values = sent.getlist(name)
        if values != [""] or name not in _OPTIONAL:
            body[name] = values[0] if len(values) == 1 else values
    return body


def _fields(code: str, texts: Mapping[str, str], errors: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One field a parameter: its label, its bounds and what is in it."""
    found = []
    for one in SETTABLE[code].parameters:
        text = texts.get(one.name, "")
        help_text = _("A whole number from %(least)s to %(most)s.") % {"least": one.least, "most": one.most}
        found.append(
            {
                "name": one.name,
                "shape": str(one.shape),
                "label": PARAMETERS[one.name],
                "value": text,
                "help": help_text if one.shape == Shape.WHOLE else "",
                "is_on": text in {"true", "on"},
                "kinds": [
                    (str(kind), label, str(kind) in text.split()) for kind, label in KINDS.items() if kind != "*"
                ],
                "errors": errors.get(one.name, ()),
            }
        )
    return found


def shown_parameters(row: Any) -> list[tuple[Any, str]]:
    """What a version says beside its amount, in words."""
    found: list[tuple[Any, str]] = []
    for one in SETTABLE[row.code].parameters if row.code in SETTABLE else ():
        value = row.parameters.get(one.name)
        if one.shape == Shape.FLAG:
            continue  # said with the amount
        if one.shape == Shape.KINDS:
            text = "、".join(str(KINDS.get(kind, kind)) for kind in value or ())
        elif one.shape == Shape.CODES:
            text = " ".join(value or ())
        else:
            text = "" if value is None else str(value)
        found.append((PARAMETERS[one.name], text or "—"))
    return found
