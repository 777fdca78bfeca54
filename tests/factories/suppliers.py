"""Applications to the supplier library, through the services."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

from kernel.actor import ANONYMOUS, SYSTEM, Actor, Belonging, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.suppliers import services
from shared_apps.suppliers.models import ApplicationDocument, Supplier, SupplierApplication
from shared_apps.suppliers.services import Content
from shared_apps.suppliers.services.beginning import secret_hash
from tenants.database.context import region_as
from tests.factories.files import pdf
from tests.factories.goods import valid_uscc
from tests.factories.people import make_user

_serial = itertools.count(70_001)

REGION = Actor(user_id=900_021, name="自治区管理员", held=(HeldPost(Post.REGION_SUPERVISOR, 1),))


def vetter(tenant: str = "990001", post: Post = Post.CPB_OPERATOR, user_id: int = 900_022) -> Actor:
    """Somebody of the level's central purchasing body or bureau, on the region's host."""
    place = Belonging(77, "测试采购中心", "central_purchasing_body", "CGZX", tenant)
    return Actor(user_id=user_id, name="采购中心经办", belongs=(place,), held=(HeldPost(post, 77),))


def as_actor(user: User) -> Actor:
    return Actor(user_id=user.pk, name=user.name)


def next_code() -> str:
    return valid_uscc(next(_serial))


def content(**changes: Any) -> Content:
    values: dict[str, Any] = {
        "name": "测试·天山纸业有限公司",
        "legal_representative": "阿里木",
        "address": "乌鲁木齐市天山区文化路1号",
        "division_code": "990001",
        "phone": "0991-1234567",
        "size": "small",
        "sme_declared": True,
        "record_declared": True,
        "shareholders": [{"name": "阿里木", "share": "60.00"}, {"name": "测试投资有限公司", "share": ""}],
    }
    return Content(**(values | changes))


def draft(
    *, uscc: str = "", user: User | None = None, now: datetime | None = None, **changes: Any
) -> tuple[SupplierApplication, Actor]:
    """A registration of somebody who is signed in, filled in but without files."""
    actor = as_actor(user or make_user(name="阿里木"))
    at = now or utc_now()
    with region_as("yz_region"):
        row, _ = services.begin_registration(
            actor=actor, uscc=uscc or next_code(), name="测试·天山纸业有限公司", applicant_name=actor.name,
            email=f"{actor.user_id}@example.com", address="", now=at,
        )  # fmt: skip
        row = services.save_application(actor=actor, application_id=row.pk, content=content(**changes), now=at)
    return row, actor


def attach(
    row: SupplierApplication, actor: Actor, *, kind: str = "licence", expires_on: date | None = None,
    renews_id: int | None = None, now: datetime | None = None, name: str = "营业执照.pdf",
) -> ApplicationDocument:  # fmt: skip
    with region_as("yz_region"):
        return services.add_document(
            actor=actor, application_id=row.pk, kind=kind, title="营业执照", number="650100000001",
            expires_on=expires_on, renews_id=renews_id, file_name=name, content=pdf(f"{next(_serial)}"),
            now=now or utc_now(),
        )  # fmt: skip


def submitted(**changes: Any) -> tuple[SupplierApplication, Actor]:
    """An application that waits for the level that vets (the region itself while no mall is open)."""
    expires_on, now = changes.pop("expires_on", None), changes.get("now")
    row, actor = draft(**changes)
    attach(row, actor, expires_on=expires_on, now=now)
    with region_as("yz_region"):
        return services.submit_application(actor=actor, application_id=row.pk, now=now or utc_now()), actor


def vetting(row: SupplierApplication) -> Actor:
    """Who vets it: somebody of the collecting level, or of the region itself."""
    return vetter(row.collecting_code) if row.collecting_code else REGION


def passed(row: SupplierApplication, *, actor: Actor | None = None, now: datetime | None = None) -> SupplierApplication:
    with region_as("yz_region"):
        return services.pass_application(
            actor=actor or vetting(row), application_id=row.pk, version=row.version, now=now or utc_now()
        )


def approved(row: SupplierApplication, *, now: datetime | None = None) -> SupplierApplication:
    with region_as("yz_region"):
        return services.approve_application(
            actor=REGION, application_id=row.pk, version=row.version, now=now or utc_now()
        )


def admitted(**changes: Any) -> tuple[Supplier, Actor]:
    """A supplier that came the whole way, and its administrator."""
    now = changes.get("now")
    row, actor = submitted(**changes)
    row = approved(passed(row, now=now), now=now)
    supplier = Supplier.objects.get(pk=row.supplier_id)
    place = Belonging(supplier.organisation_id or 0, supplier.name, "supplier", supplier.uscc, None)
    held = (HeldPost(Post.SUPPLIER_ADMIN, place.organisation_id),)
    return supplier, Actor(user_id=actor.user_id, name=actor.name, belongs=(place,), held=held)


def shown(people: dict[Post, User], supplier: Supplier) -> tuple[dict[str, list[str]], dict[Any, list[str]]]:
    """Addresses of the pages that show an object, and those that only the supplier's administrator opens."""
    waiting, _ = submitted()
    vetted = passed(submitted()[0])
    back, _ = submitted()
    with region_as("yz_region"):
        services.return_application(
            actor=vetting(back), application_id=back.pk, version=back.version, findings={"address": "与执照不一致"},
            reason="请更正", now=utc_now(),
        )  # fmt: skip
        done = approved(passed(submitted()[0]))
        begun, secret = services.begin_registration(
            actor=ANONYMOUS, uscc=next_code(), name="测试·新登记有限公司", applicant_name="测试甲",
            email="begun@example.com", address="", now=utc_now(),
        )  # fmt: skip
        admin = people[Post.SUPPLIER_ADMIN]
        place = admin.memberships.get().organisation_id
        actor = Actor(user_id=admin.pk, name=admin.name, held=(HeldPost(Post.SUPPLIER_ADMIN, place),))
        change = services.begin_change(actor=actor, supplier_id=supplier.pk, now=utc_now())
        services.hold_supplier(
            actor=SYSTEM, supplier_id=done.supplier_id or 0, cause="qualification_expired", reference="1",
            reason="营业执照", now=utc_now(),
        )  # fmt: skip
    review = "/library/review/suppliers/"
    return {
        "suppliers:suppliers": ["/library/suppliers/", "/library/suppliers/?q=没有"],
        "suppliers:supplier": [f"/library/suppliers/{pk}/" for pk in (supplier.pk, done.supplier_id)],
        "suppliers:record": [f"/library/suppliers/{pk}/record/" for pk in (supplier.pk, done.supplier_id)],
        "suppliers:related": ["/library/suppliers/related/", "/library/suppliers/related/?tie=phone"],
        "suppliers:open_registration": [f"/library/register/{begun.number}/{secret}/"],
        "suppliers:queue": [review, f"{review}?q=没有"],
        "suppliers:review": [f"{review}{row.pk}/" for row in (waiting, vetted, back, done)],
        "suppliers:application": [],
    }, {("suppliers:application", Post.SUPPLIER_ADMIN): [f"/supplier/applications/{change.pk}/"]}


def link_of(uscc: str) -> str:
    """The address that the letter of a registration holds: the row keeps a hash only, so it is given a new secret."""
    secret = "x" * 43
    row = SupplierApplication.objects.get(uscc=uscc, state="draft")
    with region_as("yz_region"):
        SupplierApplication.objects.filter(pk=row.pk).update(secret_hash=secret_hash(row.number, secret))
    return f"/library/register/{row.number}/{secret}/"


__all__ = [
    "REGION", "SYSTEM", "admitted", "approved", "as_actor", "attach", "content", "draft", "link_of", "next_code",
    "passed", "shown", "submitted", "vetter",
]  # fmt: skip
