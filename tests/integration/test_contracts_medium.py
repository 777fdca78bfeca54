"""The designated medium: what is published on the mall is announced there, whatever the medium does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import NotPermitted
from tenant_apps.contracts.models import Announcement, ContractVersion, SimulatedNotice
from tenant_apps.contracts.services import announcing
from tenant_apps.contracts.services.announcing import Announced
from tenant_apps.contracts.simulated_medium import AWAY, DELAYS, LOSES_ANSWER, REFUSES, SimulatedMedium
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import region_as, tenant_selected
from tests.factories import contracts as made
from tests.factories import fulfilment
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture(scope="module")
def kept(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        made.published(shop, fulfilment.accepted(shop))
    kept_world()
    return shop


@pytest.fixture
def shop(kept: Shop, room: None) -> Iterator[Shop]:
    with tenant_selected(kept.tenant), region_as("yz_mall"):
        yield kept


def the_row() -> Announcement:
    return Announcement.objects.select_related("contract_version__contract").get()


def follow(acts: str = "", *, start: datetime | None = None, minutes: int = 1) -> Announced:
    """Every 20 seconds; the medium's clock goes along. Answers the sums."""
    begun, total = start or utc_now(), Announced()
    for step in range(minutes * 3):
        now = begun + timedelta(seconds=1 + 20 * step)
        done = announcing.follow_due(now=now, medium=SimulatedMedium(clock=lambda now=now: now, acts=acts))  # type: ignore[misc]
        total = Announced(*(getattr(total, one) + getattr(done, one) for one in Announced.__slots__))
    return total


def told() -> list[str]:
    rows = JournalEntry.objects.filter(event__startswith="contracts.announc").order_by("id")
    return [name.removeprefix("contracts.") for name in rows.values_list("event", flat=True)]


def test_what_is_published_is_announced_and_its_reference_is_public(shop: Shop, client: Client) -> None:
    assert the_row().state == "waiting"
    done = follow()
    assert (done.sent, done.published) == (1, 1)
    row = the_row()
    assert (row.state, row.reference[:2], row.next_due_at) == ("published", "GG", None)
    assert told() == ["announcing_asked", "announcing_sent", "announced"]
    host = {"HTTP_HOST": f"{shop.tenant}.localhost"}
    for path in ("/notices/contracts/", f"/notices/contracts/{row.contract_version_id}/"):
        with counted() as statements:
            page = client.get(path, **host).content.decode()
        assert row.reference in page
        assert latin_words(page) == []
        assert len(statements) <= 12
    public = client.get(f"/api/v1/notices/contracts/{row.contract_version_id}/", **host).json()
    assert (public["medium_state"], public["medium_reference"]) == ("published", row.reference)
    with tenant_selected(shop.tenant), region_as("yz_mall"), pytest.raises(announcing.NotToAnnounce):
        announcing.send_again(actor=shop.clerk, version_id=row.contract_version_id, now=utc_now())


@pytest.mark.parametrize(("acts", "minutes"), [(DELAYS, 11), (AWAY, 4), (LOSES_ANSWER, 2)])
def test_a_slow_or_lost_answer_announces_once(shop: Shop, acts: str, minutes: int) -> None:
    done = follow(acts, minutes=minutes)
    assert (done.published, the_row().state, SimulatedNotice.objects.count()) == (1, "published", 1)
    assert done.waiting > 0


def test_a_refusal_says_why_and_the_clerk_sends_again(shop: Shop) -> None:
    follow(REFUSES)
    row = the_row()
    assert (row.state, row.state_reason) == ("refused", "公告要素不完整，退回修改")
    with pytest.raises(NotPermitted):
        announcing.send_again(actor=shop.seller, version_id=row.contract_version_id, now=utc_now())
    version = ContractVersion.objects.get(pk=row.contract_version_id)
    clerk = sign_in(Client(), shop.people[Post.BUYER_CLERK], shop.tenant)
    page = clerk.get(f"/contracts/{version.contract_id}/").content.decode()
    path = f"/contracts/versions/{version.pk}/announce/"
    assert path in page
    assert latin_words(page) == []
    assert clerk.post(path).status_code == 303
    assert clerk.post(path).status_code == 409
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        follow(REFUSES)
        row = the_row()
        assert (row.state, row.round, SimulatedNotice.objects.count()) == ("published", 2, 2)
    assert path not in clerk.get(f"/contracts/{version.contract_id}/").content.decode()


def test_a_publication_from_before_there_was_a_medium_is_sent_when_the_clerk_asks(shop: Shop) -> None:
    key = the_row().contract_version_id
    Announcement.objects.all().delete()
    announcing.send_again(actor=shop.clerk, version_id=key, now=utc_now())
    assert follow().published == 1
