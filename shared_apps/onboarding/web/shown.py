"""What both sides see of an application."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shared_apps.onboarding.rules import ApplicationState
from shared_apps.onboarding.selectors import ApplicationView
from shared_apps.onboarding.words import CHECKLIST, MODULES, STEPS

S = ApplicationState
# How the whole life is shown as steps; refusal and withdrawal end it early.
_STAGES = {S.APPLIED: 1, S.APPROVED: 2, S.PROVISIONING: 2, S.PROVISIONED: 3}


def application_context(view: ApplicationView) -> dict[str, Any]:
    row = view.row
    return {
        "view": view,
        "row": row,
        "modules": [MODULES[name] for name in row.modules if name in MODULES],
        "plan": [{"step": one["step"], "due_on": date.fromisoformat(one["due_on"])} for one in row.work_plan],
        "steps": [{"label": STEPS[step.name], "step": step, "seconds": _seconds(step)} for step in view.steps],
        "moving": view.is_moving,
        "stages": [_("Apply"), _("Decision of the region"), _("Setting up"), _("Configure and go live")],
        "stage": _STAGES.get(ApplicationState(row.state)),
        "missing": [CHECKLIST.get(key, key) for key in view.progress.missing] if view.progress else [],
        "ended_early": row.state in {S.REFUSED, S.WITHDRAWN},
    }


def steps_answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The steps alone; when nothing moves any more, the word to load the whole page again."""
    response = render(request, "onboarding/_steps.html", context)
    if not context["moving"]:
        response["HX-Refresh"] = "true"
    return response


def _seconds(step: Any) -> str:
    if step.started_at is None or step.finished_at is None or step.started_at == step.finished_at:
        return ""
    return f"{(step.finished_at - step.started_at).total_seconds():.1f}"
