"""People and organisations of tests, made through the services."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import urlsplit

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts import selectors as people
from shared_apps.accounts import services
from shared_apps.accounts.models import Membership, Organisation, User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.messaging.models import Delivery
from shared_apps.messaging.services import send_due
from tenant_apps.access import selectors as access
from tenant_apps.access.models import PostHolding
from tenant_apps.access.services import grant_post
from tenants.database.context import region_as, tenant_selected
from tenants.registry.selectors import primary_host

PASSWORD = "Kashi-2026!people"
_numbers = itertools.count(1)


def make_user(username: str | None = None, name: str = "测试用户", *, email: str = "") -> User:
    username = username or f"user{next(_numbers)}"
    return services.create_user(
        actor=SYSTEM, username=username, name=name, email=email, password=PASSWORD, now=utc_now()
    )


def make_organisation(
    kind: OrganisationKind | str, code: str | None = None, name: str = "测试单位", tenant_code: str | None = None
) -> Organisation:
    return services.create_organisation(
        actor=SYSTEM,
        kind=OrganisationKind(kind),
        code=code or f"ORG{next(_numbers):06}",
        name=name,
        tenant_code=tenant_code,
        now=utc_now(),
    )


def join(user: User, organisation: Organisation, posts: Collection[Post | str] = ()) -> Membership:
    return services.add_membership(
        actor=SYSTEM, user_id=user.pk, organisation_id=organisation.pk, posts=posts, now=utc_now()
    )


def grant(tenant: str, user: User, unit_id: int, organisation_id: int, post: Post | str) -> PostHolding:
    """Gives the post inside the tenant; the person needs a membership of the organisation for it to count."""
    with tenant_selected(tenant):
        return grant_post(
            actor=SYSTEM, user_id=user.pk, name=user.name, organisation_id=organisation_id, unit_id=unit_id,
            post=post, now=utc_now(),
        )  # fmt: skip


def actor_of(user: User, tenant: str | None = None) -> Actor:
    """The actor a request of this person would carry on that host."""
    with region_as("yz_region"):
        visitor = people.visitor_of(user=user, tenant=tenant)
    if tenant is None:
        return visitor.actor
    with tenant_selected(tenant):
        holdings = access.holdings_of(user_id=user.pk, seats=visitor.seats)
    return replace(visitor.actor, held=visitor.actor.held + access.held_posts(holdings))


def letters() -> list[EmailMessage]:
    """The letters sent so far: those that wait go out first."""
    with region_as("yz_region"):
        Delivery.objects.filter(own_letter__isnull=False, state="waiting").update(next_at=utc_now())
        send_due()
    return list(mail.outbox)


def host_of(tenant: str | None) -> str:
    return "localhost" if tenant is None else primary_host(code=tenant)


def sign_in(client: Client, user: User, tenant: str | None = None) -> Client:
    """Signs in on the region's host and, with `tenant`, crosses over by hand-off. The client then asks that host."""
    client.defaults["HTTP_HOST"] = "localhost"
    answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 303, answer.content.decode()
    if tenant is None:
        return client
    answer = client.post(f"/malls/{tenant}/enter/")
    assert answer.status_code == 303, answer.content.decode()
    address = urlsplit(answer["Location"])
    client.defaults["HTTP_HOST"] = str(address.hostname)
    answer = client.get(f"{address.path}?{address.query}")
    assert answer.status_code == 303, answer.content.decode()
    return client
