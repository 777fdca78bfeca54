"""Requests and tasks in the log: each has a number that people can name, and one line when it is over."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from celery import signals
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kernel import logs
from kernel.logs import Line

access_log = logging.getLogger("yz.access")

# What nginx gives (`$request_id`), and nothing that could break a line or fill a disk.
_GIVEN = re.compile(r"[0-9a-f]{32}")
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


def _room(_logger: Any, _method: str, line: Line) -> Line:
    """The mall that is selected at this moment, in a request, a task or the relay alike."""
    context = sys.modules.get("tenants.database.context")
    code = context.selected_code() if context is not None else None
    if code is not None:
        line.setdefault("tenant", code)
    return line


def formatter(form: str) -> logging.Formatter:
    return logs.formatter(form=form, more=(_room,))


def configuration(*, form: str, level: str) -> Mapping[str, Any]:
    """For Django's LOGGING. `form` as in kernel.logs.formatter."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": {"()": "config.logs.formatter", "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
        "root": {"handlers": ["console"], "level": level},
        # Said by our own line of the request, with its mall and person.
        "loggers": {"django.server": {"level": "WARNING"}, "gunicorn.access": {"level": "WARNING"}},
    }


class RequestLogMiddleware:
    """First of all: numbers the request, answers with the number, and says at the end what became of it.

    The number is the proxy's where one of ours stands before us; a stranger's is not taken over.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "") if settings.YZ_PROXIES else ""
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        began = time.perf_counter()
        with logs.about(request_id=number):
            response = self.get_response(request)
            response.headers["X-Request-ID"] = number
            if request.path not in _PROBES:
                _tell(request, response, time.perf_counter() - began)
        return response


def _tell(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    ref, actor = getattr(request, "tenant_ref", None), getattr(request, "actor", None)
    match = request.resolver_match
    facts = {
        "method": request.method,
        "path": request.path[:200],
        "route": match.view_name if match is not None else None,
        "status": response.status_code,
        "seconds": round(seconds, 4),
        "tenant": ref.code if ref is not None else getattr(request, "room", None),
        "user": actor.user_id if actor is not None else None,
        "problem": getattr(response, "problem_code", None),
    }
    access_log.info("request", extra={name: value for name, value in facts.items() if value is not None})


def _task_begins(task: Any = None, task_id: str = "", **_: Any) -> None:
    logs.say(task_id=task_id, task=task.name)


def _task_ended(**_: Any) -> None:
    logs.say_no_more("task_id", "task")


def number_tasks() -> None:
    """Called where the worker's app is made."""
    signals.task_prerun.connect(_task_begins, dispatch_uid="yz_log_task_begins", weak=False)
    signals.task_postrun.connect(_task_ended, dispatch_uid="yz_log_task_ended", weak=False)
