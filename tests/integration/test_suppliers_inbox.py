"""Suppliers in the to-do list: whose step it is, and that it goes when it is taken."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.inbox.selectors import inbox_page
from shared_apps.inbox.services import enter_item
from shared_apps.suppliers import services
from tenants.database.context import region_as
from tenants.journaling.relay import drain
from tenants.registry.models import Tenant
from tests.database import wait_until_settled
from tests.factories import suppliers as made

NOW = utc_now()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.YZ_FILES_DIR = tmp_path / "files"
    with region_as("yz_region"):
        Tenant.objects.filter(code="990001").update(state="live", live_at=NOW)


def steps(actor: Actor) -> list[str]:
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    return [item.step for item in inbox_page(actor=actor, now=utc_now()).items]


def test_an_application_waits_for_either_body_of_its_level_then_for_the_region() -> None:
    cpb, bureau = made.vetter(), made.vetter(post=Post.TIER_SUPERVISOR)
    row, _ = made.submitted()
    assert steps(cpb) == steps(bureau) == ["supplier_submitted"]
    assert steps(made.vetter("990002")) == steps(made.REGION) == []
    [item] = inbox_page(actor=bureau, now=utc_now()).items
    assert enter_item(actor=bureau, item_id=item.id, now=utc_now()) == f"/library/review/suppliers/{row.pk}/"
    assert item.due_at is not None
    row = made.passed(row)
    assert (steps(cpb), steps(made.REGION)) == ([], ["supplier_vetted"])
    [item] = inbox_page(actor=made.REGION, now=utc_now()).items
    assert item.tenant_name == "自治区"
    made.approved(row)
    assert steps(made.REGION) == []


def test_a_returned_change_waits_for_the_supplier_and_another_level_takes_it_over() -> None:
    supplier, owner = made.admitted()
    row = services.begin_change(actor=owner, supplier_id=supplier.pk, now=utc_now())
    services.save_application(actor=owner, application_id=row.pk, content=made.content(), now=utc_now())
    row = services.submit_application(actor=owner, application_id=row.pk, now=utc_now())
    services.return_application(
        actor=made.vetter(), application_id=row.pk, version=row.version, findings={}, reason="更正", now=utc_now()
    )
    assert (steps(owner), steps(made.vetter())) == (["supplier_returned"], [])
    with region_as("yz_region"):
        Tenant.objects.filter(code="990002").update(state="live", live_at=NOW)
    services.save_application(
        actor=owner, application_id=row.pk, content=made.content(division_code="990002"), now=utc_now()
    )
    services.submit_application(actor=owner, application_id=row.pk, now=utc_now())
    assert (steps(owner), steps(made.vetter()), steps(made.vetter("990002"))) == ([], [], ["supplier_submitted"])


def test_a_paper_that_ends_waits_for_the_supplier_until_it_is_renewed() -> None:
    supplier, owner = made.admitted(expires_on=local_date(NOW) + timedelta(days=20))
    services.follow_calendar(now=NOW)
    assert steps(owner) == ["paper_ends"]
    later = NOW + timedelta(days=30)
    services.follow_calendar(now=later)
    assert steps(owner) == ["paper_ended"]
    row = services.begin_change(actor=owner, supplier_id=supplier.pk, now=later)
    services.save_application(actor=owner, application_id=row.pk, content=made.content(), now=later)
    made.attach(row, owner, now=later)
    row = services.submit_application(actor=owner, application_id=row.pk, now=later)
    # The released hold closes the thread, wherever the web process's clock stands.
    made.approved(made.passed(row))
    assert steps(owner) == []


def test_a_confirmation_that_is_due_goes_with_the_confirmation() -> None:
    supplier, owner = made.admitted()
    services.follow_calendar(now=NOW + timedelta(days=350))
    assert steps(owner) == ["confirmation_ends"]
    services.confirm_supplier(actor=owner, supplier_id=supplier.pk, now=utc_now())
    assert steps(owner) == []
