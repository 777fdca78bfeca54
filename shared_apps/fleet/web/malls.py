"""One mall: what the region knows of it, what was done to it, and what may be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import page
from kernel.actor import Actor
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.posts import Post
from kernel.problems import DomainError, InvalidInput
from shared_apps.fleet import selectors, serializers, services
from shared_apps.fleet.permissions import NAMERS, READERS, WRITERS
from shared_apps.fleet.selectors import MallRow
from shared_apps.fleet.web.shown import shown
from shared_apps.fleet.words import EVENTS, LEVELS
from tenants.divisions.selectors import places
from tenants.registry.rules import TENANT_LIFECYCLE
from tenants.registry.selectors import tenant_names
from webkit.answers import again, see_other

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an action's form, as `form_field` takes it."""

    name: str
    label: Promise
    kind: str = "text"
    help: Promise | str = ""
    required: bool = True
    max_length: int = 80
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What may be done to a mall from its page: a form of its own and one service call."""

    name: str
    label: Promise
    lead: Promise
    done: Promise
    icon: str
    input: type[StrictSerializer]
    fields: tuple[Field, ...]
    perform: Callable[[Actor, MallRow, dict[str, Any], datetime], None]
    posts: frozenset[Post] = WRITERS
    colour: str = "primary"
    for_practice: bool = False

    @property
    def of_lifecycle(self) -> bool:
        return self.name in TENANT_LIFECYCLE.action_names


_BASE = format_html('<span translate="no">.{}</span>', settings.YZ_BASE_HOST)
_DOCUMENT = Field("document_number", gettext_lazy("Document number"))
_FIRST_DAY = Field("valid_from", gettext_lazy("First day in force"), kind="date")


def _suspend(actor: Actor, row: MallRow, wanted: dict[str, Any], now: datetime) -> None:
    services.suspend_tenant(actor=actor, code=row.code, now=now, **wanted)


def _resume(actor: Actor, row: MallRow, wanted: dict[str, Any], now: datetime) -> None:
    services.resume_tenant(actor=actor, code=row.code, now=now, **wanted)


def _archive(actor: Actor, row: MallRow, wanted: dict[str, Any], now: datetime) -> None:
    if wanted.pop("repeat_code") != row.code:
        raise InvalidInput(errors={"repeat_code": [_("This is not the code of this mall.")]})
    services.archive_tenant(actor=actor, code=row.code, now=now, **wanted)


def _rename(actor: Actor, row: MallRow, wanted: dict[str, Any], now: datetime) -> None:
    services.rename_tenant(actor=actor, code=row.code, now=now, **wanted)


def _move_host(actor: Actor, row: MallRow, wanted: dict[str, Any], now: datetime) -> None:
    services.move_host(actor=actor, code=row.code, now=now, **wanted)


def _set_supervisor(actor: Actor, row: MallRow, wanted: dict[str, Any], now: datetime) -> None:
    services.set_supervisor(actor=actor, tenant_code=row.code, now=now, **wanted)


def _recode(actor: Actor, row: MallRow, wanted: dict[str, Any], now: datetime) -> None:
    services.recode_division(actor=actor, old=row.division_code, now=now, **wanted)


ACTIONS: tuple[Action, ...] = (
    Action(
        "suspend",
        gettext_lazy("Suspend"),
        gettext_lazy("Everything can still be read; nothing can be changed until the mall is resumed."),
        gettext_lazy("The mall is suspended."),
        "player-pause",
        serializers.SuspendInput,
        (Field("reason", gettext_lazy("Reason"), kind="textarea", max_length=300,
               help=gettext_lazy("Everybody who meets the mall reads it.")),),
        _suspend,
        colour="danger",
    ),
    Action(
        "resume",
        gettext_lazy("Resume"),
        gettext_lazy("The mall works again from this moment. Deadlines that passed meanwhile are due at once."),
        gettext_lazy("The mall works again."),
        "player-play",
        serializers.ResumeInput,
        (Field("reason", gettext_lazy("Reason"), kind="textarea", max_length=300, required=False),),
        _resume,
    ),
    Action(
        "archive",
        gettext_lazy("Archive"),
        gettext_lazy("Closes the mall for good. Supervisors and auditors still read its records."),
        gettext_lazy("The mall is archived."),
        "folder",
        serializers.ArchiveInput,
        (
            Field("reason", gettext_lazy("Reason"), kind="textarea", max_length=300),
            Field("repeat_code", gettext_lazy("Code of the mall, typed once more"), max_length=30,
                  help=gettext_lazy("There is no way back.")),
        ),
        _archive,
        colour="danger",
    ),
    Action(
        "rename",
        gettext_lazy("Rename"),
        gettext_lazy("Code, data area and login stay what they are."),
        gettext_lazy("The mall has its new name."),
        "pencil",
        serializers.RenameInput,
        (Field("name", gettext_lazy("New name")), _DOCUMENT),
        _rename,
        posts=NAMERS,
    ),
    Action(
        "host",
        gettext_lazy("Move to another host"),
        gettext_lazy("The host of today redirects to the new one. Who is signed in enters once more."),
        gettext_lazy("The mall answers on its new host."),
        "world",
        serializers.MoveHostInput,
        (Field("host", gettext_lazy("New host"), max_length=63, suffix=_BASE),),
        _move_host,
    ),
    Action(
        "supervisor",
        gettext_lazy("Set the supervisor"),
        gettext_lazy("Who supervises it sees its progress and reads its figures from that day on."),
        gettext_lazy("The mall answers to its new supervisor."),
        "hierarchy",
        serializers.SupervisorInput,
        (Field("supervisor_code", gettext_lazy("Supervisor"), kind="select"), _FIRST_DAY, _DOCUMENT),
        _set_supervisor,
        posts=NAMERS,
    ),
    Action(
        "recode",
        gettext_lazy("The division has a new code"),
        gettext_lazy("The old code stays in the record with its last day. The mall keeps its code, data area and login and moves to the host of the new code; the old host redirects."),  # noqa: E501 - one sentence of the page
        gettext_lazy("The division goes on under its new code."),
        "map-pin",
        serializers.RecodeInput,
        (
            Field("new", gettext_lazy("New division code"), max_length=6),
            Field("name", gettext_lazy("Name of the division"), max_length=60),
            _FIRST_DAY,
            _DOCUMENT,
        ),
        _recode,
        posts=NAMERS,
    ),
)  # fmt: skip


def _possible(actor: Actor, row: MallRow) -> list[Action]:
    """What this person may do to this mall now; the buttons of the page."""
    if row.is_practice:
        return []
    moves = {move.action for move in TENANT_LIFECYCLE.actions(row.state, actor.posts)}
    return [
        action for action in ACTIONS if actor.posts & action.posts and (not action.of_lifecycle or action.name in moves)
    ]


def _entry(row: Any) -> SimpleNamespace:
    facts = row.facts
    before, after = (str(facts.get(key, "")) for key in ("before", "after"))
    words = [facts.get("reason", ""), facts.get("document_number", "")]
    if row.event not in {"fleet.tenant_suspended", "fleet.tenant_resumed", "fleet.tenant_archived"}:
        words.insert(0, f"{before or '—'} → {after}")
    return SimpleNamespace(
        title=EVENTS.get(row.event, row.event),
        at=row.at,
        who=row.actor_name if row.actor_id else "",
        organisation=row.organisation_name,
        note=" · ".join(word for word in words if word),
        icon="history",
        colour="primary",
    )


def _facts(row: MallRow) -> list[tuple[Any, Any]]:
    told = "—" if row.checklist_total is None else f"{row.checklist_done} / {row.checklist_total}"
    version = "—" if row.behind is None else _("Present version") if not row.behind else _("Lacks migrations")
    return [
        (_("Mall code"), row.code),
        (_("Division"), row.division_code),
        (_("Level"), LEVELS.get(row.level, row.level)),
        (_("Prefecture"), row.prefecture_name or "—"),
        (_("Supervisor"), row.supervisor_name or "—"),
        (_("Checklist"), told),
        (_("Version"), version),
    ]


def _context(request: HttpRequest, code: str) -> dict[str, Any]:
    row = selectors.mall(actor=actor_of(request), code=code, now=utc_now())
    tenant = tenant_names(codes=[code])[code]
    return {
        **shown(row),
        "tenant_name": tenant,
        "facts": _facts(row),
        "old_hosts": selectors.other_hosts(code=code),
        "mall_url": settings.YZ_TENANT_URL.format(host=row.host) + "/",
        "entries": [_entry(one) for one in selectors.history(code=code, division_code=row.division_code)],
        "actions": [
            {"action": action, "url": reverse(f"fleet:{action.name}", args=[code])}
            for action in _possible(actor_of(request), row)
        ],
    }


@page("fleet.mall", posts=READERS)
def mall(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "fleet/mall.html", _context(request, code))


def _choices(action: Action, row: MallRow) -> list[tuple[str, str]]:
    """Finance levels that may supervise: every mall of the region but this one."""
    if action.name != "supervisor":
        return []
    above = {code for code, place in places().items() if place.level != "county"}
    return [
        (code, tenant.name)
        for code, tenant in tenant_names().items()
        if not tenant.is_practice and code != row.code and tenant.division_code in above
    ]


def _fields(action: Action, row: MallRow, typed: Any, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    choices = _choices(action, row)
    return [
        {"field": field, "value": typed.get(field.name, ""), "errors": errors.get(field.name, ()), "choices": choices}
        for field in action.fields
    ]


def _form_context(action: Action, row: MallRow) -> dict[str, Any]:
    return {
        **shown(row),
        "action": action,
        "fields": _fields(action, row, {"valid_from": local_date(utc_now()).isoformat(), "name": row.name}, {}),
        "own_url": reverse(f"fleet:{action.name}", args=[row.code]),
        "back_url": reverse("fleet:mall", args=[row.code]),
    }


def _view_of(action: Action) -> View:
    """The page of one action: its form, one service call, and back to the mall."""

    def act(request: HttpRequest, code: str) -> HttpResponse:
        actor = actor_of(request)
        row = selectors.mall(actor=actor, code=code, now=utc_now())
        context = _form_context(action, row)
        if request.method != "POST":
            return render(request, "fleet/act.html", context)
        try:
            wanted = read_input(action.input, request.POST)
            action.perform(actor, row, wanted, utc_now())
        except DomainError as error:
            errors = error.errors if isinstance(error, InvalidInput) else {}
            context["fields"] = _fields(action, row, request.POST, errors)
            return again(request, "fleet/act.html", error, context)
        messages.success(request, str(action.done))
        return see_other(reverse("fleet:mall", args=[code]))

    act.__name__ = action.name
    act.__doc__ = f"The form of `{action.name}`."
    return page(f"fleet.{action.name}", posts=action.posts, methods=("GET", "POST"))(act)


VIEWS: dict[str, View] = {action.name: _view_of(action) for action in ACTIONS}
