"""The help centre as pages of both hosts: all roles with a search, and one page a role."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from config.help.model import Page, Role, Task
from config.help.roles import ROLES
from kernel.access import page
from kernel.api import actor_of
from kernel.problems import NotFound

SEARCH_LENGTH_MAX = 60


@dataclass(frozen=True)
class Found:
    """A task as one reader gets it. `address` is empty where this host cannot lead there."""

    role: Role
    task: Task
    address: str = ""


def address_of(wanted: Page, *, in_mall: bool) -> str:
    """Where the page stands, seen from a mall or from the region; empty for a mall's page seen from the region."""
    if wanted.room == "both":
        return reverse(wanted.name)
    if wanted.room == "tenant":
        return reverse(wanted.name, urlconf=settings.TENANT_URLCONF) if in_mall else ""
    path = reverse(wanted.name, urlconf=settings.ROOT_URLCONF)
    return f"{settings.YZ_REGION_URL}{path}" if in_mall else path


def found_tasks(text: str) -> list[Found]:
    """Tasks that name every word of `text`, in the reader's language."""
    words = text.casefold().split()
    return [
        Found(role, task)
        for role in ROLES.values()
        for task in role.tasks
        if words and all(word in _said(role, task) for word in words)
    ]


def _said(role: Role, task: Task) -> str:
    parts = (role.title, task.title, *task.steps, *(law.source for law in task.law), *(law.words for law in task.law))
    return " ".join(str(part) for part in parts).casefold()


@page("help", public=True, always=True)
def index(request: HttpRequest) -> HttpResponse:
    """All roles, the reader's own first, and what was searched for."""
    text = request.GET.get("q", "")[:SEARCH_LENGTH_MAX].strip()
    actor = actor_of(request)
    own = [role for role in ROLES.values() if role.is_for(actor.posts, signed_in=actor.signed_in)]
    others = [role for role in ROLES.values() if role not in own]
    context = {"text": text, "found": found_tasks(text), "own": own, "others": others}
    return render(request, "help/index.html", context)


@page("help_role", public=True, always=True)
def role_page(request: HttpRequest, key: str) -> HttpResponse:
    """One role's tasks. Links to the pages are for those who may open them, and for who has not signed in yet."""
    role = ROLES.get(key)
    if role is None:
        raise NotFound
    actor = actor_of(request)
    in_mall = getattr(request, "tenant_ref", None) is not None
    linked = not actor.signed_in or role.posts == frozenset() or role.is_for(actor.posts, signed_in=True)
    tasks = [
        Found(role, task, address_of(task.page, in_mall=in_mall) if linked and task.page else "") for task in role.tasks
    ]
    return render(request, "help/role.html", {"role": role, "tasks": tasks, "in_mall": in_mall, "linked": linked})
