"""Agencies at every point of their registration, through the services."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

from stdnum.cn import uscc

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.agencies import services
from shared_apps.agencies.models import Agency
from shared_apps.agencies.rules.content import Content, FileKind
from tenants.database.context import region_as
from tests.factories import files
from tests.factories.people import actor_of, join, make_organisation, make_user

_numbers = itertools.count(1)
STAFF = ("甲员工", "乙员工", "丙员工", "丁员工", "戊员工")


def code(number: int) -> str:
    """A credit code with a right check digit, plainly made up."""
    body = f"91650100TEXAG{number:04}"
    return body + str(uscc.calc_check_digit(body))


def content(**changes: Any) -> Content:
    values: dict[str, Any] = {
        "name": "测试·公平招标代理有限公司",
        "legal_representative": "测试法人",
        "address": "乌鲁木齐市测试路1号",
        "contact_name": "测试联系人",
        "contact_phone": "0991-1234567",
        "division_code": "650102",
        "office_address": "乌鲁木齐市天山区测试路1号5楼",
        "office_is_independent": True,
        "has_review_room": True,
        "review_room_address": "乌鲁木齐市天山区测试路1号6楼",
        "has_recording": True,
    }
    return Content(**(values | changes))


@dataclass
class Firm:
    """An agency with its organisation and its manager."""

    agency: Agency
    organisation: Organisation
    manager: User

    @property
    def actor(self) -> Actor:
        return actor_of(self.manager)

    def fresh(self) -> Agency:
        self.agency.refresh_from_db()
        return self.agency


def region_supervisor() -> User:
    """Somebody at the region's desk."""
    user = make_user(name="测试厅监管")
    found = Organisation.objects.filter(kind=OrganisationKind.REGION_FINANCE).first()
    join(user, found or make_organisation("region_finance", "650000", "财政厅（测试）"), [Post.REGION_SUPERVISOR])
    return user


def opened(*, organisation: Organisation | None = None, manager: User | None = None, **changes: Any) -> Firm:
    """A draft with nothing in it; its manager has accepted the invitation."""
    number = next(_numbers)
    name = str(changes.get("name") or content().name)
    organisation = organisation or make_organisation("agency", code(number), name)
    if manager is None:
        manager = make_user(name="测试经理")
        join(manager, organisation, [Post.AGENCY_MANAGER])
    with region_as("yz_region"):
        agency = services.open_for_organisation(
            actor=SYSTEM, organisation_id=organisation.pk, uscc=code(number), name=name, contact_name="测试联系人",
            contact_email=f"agency{number}@example.com", now=utc_now(),
        )  # fmt: skip
    return Firm(agency, organisation, manager)


def filled(**changes: Any) -> Firm:
    """A draft that lacks nothing."""
    firm = opened(**{key: changes.pop(key) for key in ("organisation", "manager") if key in changes}, **changes)
    with region_as("yz_region"):
        services.save_content(actor=firm.actor, content=content(**changes), now=utc_now())
        for name in STAFF:
            services.add_staff(actor=firm.actor, name=name, joined_on=date(2025, 3, 3), now=utc_now())
        for kind in (FileKind.LICENCE, FileKind.OFFICE, FileKind.REVIEW_ROOM):
            services.add_file(actor=firm.actor, kind=kind, name=f"{kind}.pdf", content=files.pdf(kind), now=utc_now())
    firm.fresh()
    return firm


def submitted(**changes: Any) -> Firm:
    firm = filled(**changes)
    with region_as("yz_region"):
        firm.agency = services.submit(actor=firm.actor, now=utc_now())
    return firm


def returned(**changes: Any) -> Firm:
    firm = submitted(**changes)
    with region_as("yz_region"):
        firm.agency = services.return_registration(
            actor=actor_of(region_supervisor()), agency_id=firm.agency.pk, version=firm.agency.version,
            reasons={"address": "与营业执照不一致"}, now=utc_now(),
        )  # fmt: skip
    return firm


def published(**changes: Any) -> Firm:
    firm = submitted(**changes)
    with region_as("yz_region"):
        firm.agency = services.publish(
            actor=actor_of(region_supervisor()), agency_id=firm.agency.pk, version=firm.agency.version, now=utc_now()
        )
    return firm
