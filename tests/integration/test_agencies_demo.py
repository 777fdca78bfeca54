"""The demonstration's agencies: made through the services, marked, and made once."""

from __future__ import annotations

from kernel.clock import utc_now
from shared_apps.accounts import demo as people
from shared_apps.agencies import demo
from shared_apps.agencies.models import Agency, Agreement
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers import demo_loader as suppliers
from tenants.database.context import region_as


def test_a_second_loading_changes_nothing(room: None) -> None:
    with region_as("yz_region"):
        suppliers.load(utc_now())
        people.load(utc_now())
        demo.load(utc_now())
        states = Agency.objects.order_by("pk").values_list("name", "state", "is_demo")
        assert list(states) == [
            ("演示·天平招标代理有限公司", "published", True), ("演示·蜀道工程咨询有限公司", "published", True),
            ("演示·昌吉惠采招标代理有限公司", "submitted", True),
        ]  # fmt: skip
        assert list(Agreement.objects.values_list("state", flat=True)) == ["started"]
        told = RegionJournalEntry.objects.count()
        demo.load(utc_now())
        assert RegionJournalEntry.objects.count() == told
