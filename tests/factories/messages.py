"""People of a unit and of a supplier who are told of an order, with verified addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.messaging import services
from shared_apps.messaging.codes import code_of
from shared_apps.messaging.models import Delivery, Verification
from shared_apps.messaging.rules import Channel
from tenant_apps.journal.services import record
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories.people import actor_of, join, make_organisation, make_user
from tests.factories.relayed import UNIT, relay_tenant, write_order_event

A = "990001"


@dataclass(frozen=True)
class Told:
    """A unit's clerk and approver, and a supplier's seller, known to the region."""

    clerk: User
    approver: User
    seller: User
    unit: Organisation
    supplier: Organisation

    def event(self, name: str, **changes: object) -> int:
        """An order event of this unit and supplier, relayed."""
        facts = {
            "organisation_id": self.unit.pk,
            "supplier_organisation_id": self.supplier.pk,
            "clerk_id": self.clerk.pk,
            **changes,
        }
        row_id = write_order_event(A, name, **facts)  # type: ignore[arg-type]  # facts and the order's number
        relay_tenant(A)
        return row_id


def make_told() -> Told:
    unit, supplier = make_organisation("budget_unit", tenant_code=A), make_organisation("supplier")
    told = Told(make_user(name="测试甲"), make_user(name="测试乙"), make_user(name="测试丙"), unit, supplier)
    for user, place, posts in (
        (told.clerk, unit, ()), (told.approver, unit, ()), (told.seller, supplier, [Post.SUPPLIER_SALES])
    ):  # fmt: skip
        join(user, place, posts)
    hold(told, told.clerk, Post.BUYER_CLERK)
    hold(told, told.approver, Post.BUYER_APPROVER)
    return told


def hold(told: Told, user: User, post: Post, *, deputy_for: User | None = None) -> None:
    """A post in the unit, as the mall's journal tells it."""
    facts = {
        "user_id": user.pk, "name": user.name, "organisation_id": told.unit.pk, "unit_id": UNIT, "post": str(post),
    }  # fmt: skip
    event = "access.post_granted"
    if deputy_for is not None:
        event = "access.post_lent"
        lent = {"deputy_for": deputy_for.pk, "deputy_for_name": deputy_for.name, "last_day": utc_now().date()}
        facts |= lent  # type: ignore[arg-type]
    with tenant_selected(A), tenant_atomic():
        record(actor=SYSTEM, event=event, object_type="post_holding", object_id=1, facts=facts, now=utc_now())
    relay_tenant(A)


def verify(user: User, channel: Channel, address: str, *, quiet: bool = False, now: datetime | None = None) -> Actor:
    """The address is the person's own; without quiet hours unless they are wanted."""
    actor, now = actor_of(user), now or utc_now()
    with region_as("yz_region"):
        row = services.ask_code(actor=actor, channel=channel, address=address, now=now)
        code = code_of(verification_id=row.pk, salt=row.salt)
        services.confirm_code(actor=actor, channel=channel, code=code, now=now)
        Delivery.objects.filter(verification=row).delete()
        Verification.objects.filter(pk=row.pk).update(made_at=now)
        if not quiet:
            from shared_apps.messaging.models import Settings

            Settings.objects.filter(user_id=user.pk).update(quiet_from=None, quiet_until=None)
    return actor
