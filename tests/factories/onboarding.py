"""Applications for a mall, through the services."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.actor import Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.onboarding.models import Application
from shared_apps.onboarding.services import apply_for_mall, approve_application
from shared_apps.onboarding.services.applying import Content
from tenants.database.context import region_as
from tenants.divisions.models import Division
from tests.tenancy.catalogues import throw_away

# Logins belong to the whole cluster: test processes side by side take a division each.
NEW = f"9900{50 + int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw'))}"
OPERATOR = Actor(user_id=900_010, name="平台运营", held=(HeldPost(Post.PLATFORM_OPERATOR, 1),))


@contextmanager
def new_division(code: str = NEW, name: str = "测试丙县") -> Iterator[str]:
    """A division without a mall; whatever becomes of it is thrown away."""
    with region_as("yz_region"):
        Division.objects.create(code=code, name=name, level="county", parent_id="650000")
    throw_away(code)
    try:
        yield code
    finally:
        throw_away(code)


def content(**changes: Any) -> Content:
    values: dict[str, Any] = {
        "bureau_name": "测试丙县财政局",
        "responsible_name": "阿依努尔",
        "responsible_title": "采购科科长",
        "phone": "0998-1234567",
        "email": "bureau@example.com",
        "modules": ["online_supermarket", "designated_service"],
        "fee_year": 2026,
        "fee_budget": Decimal("30000.00"),
        "work_plan": [
            {"step": "导入预算单位", "due_on": date(2026, 3, 31)},
            {"step": "培训采购经办人", "due_on": date(2026, 4, 30)},
        ],
        "weak_points": [{"weakness": "零星采购无比价", "measure": "超市比价后下单"}],
    }
    return Content(**(values | changes))


def file_application(code: str = NEW, *, address: str = "", **changes: Any) -> tuple[Application, str]:
    with region_as("yz_region"):
        return apply_for_mall(division_code=code, content=content(**changes), address=address, now=utc_now())


def approve(application: Application, *, actor: Actor = OPERATOR) -> Application:
    with region_as("yz_region"):
        return approve_application(
            actor=actor, application_id=application.pk, version=application.version, now=utc_now()
        )
