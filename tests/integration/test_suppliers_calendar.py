"""What the calendar does to suppliers, with a clock that is moved: warnings, holds, lapses, and their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kernel.clock import local_date, utc_now
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.accounts.models import Organisation
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers import services
from shared_apps.suppliers.models import Qualification, Supplier, SupplierApplication
from shared_apps.suppliers.services.timing import Followed
from shared_apps.suppliers.tasks import follow
from tests.factories import suppliers as made
from tests.factories.goods import make_supplier

NOW = utc_now()
TODAY = local_date(NOW)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.YZ_FILES_DIR = tmp_path / "files"


def after(days: int) -> datetime:
    return NOW + timedelta(days=days)


def run(days: int) -> Followed:
    """Once, and again an hour later: the second run finds nothing to do."""
    first = services.follow_calendar(now=after(days))
    rows = RegionJournalEntry.objects.count()
    assert services.follow_calendar(now=after(days) + timedelta(minutes=60)) == Followed()
    assert RegionJournalEntry.objects.count() == rows
    return first


def standing(supplier: Supplier) -> str:
    return Supplier.objects.get(pk=supplier.pk).standing


def test_a_licence_that_ends_warns_twice_then_holds_until_it_is_renewed() -> None:
    supplier, owner = made.admitted(expires_on=TODAY + timedelta(days=60))
    assert run(29) == Followed()
    assert run(30) == Followed(warned=1)
    assert run(53) == Followed(warned=1)
    assert run(60) == Followed()
    assert standing(supplier) == "admitted"
    assert run(61) == Followed(ended=1)
    assert standing(supplier) == "suspended"
    old = Qualification.objects.get()
    row = services.begin_change(actor=owner, supplier_id=supplier.pk, now=after(62))
    made.attach(row, owner, renews_id=old.pk, expires_on=TODAY + timedelta(days=4000), now=after(62))
    services.save_application(actor=owner, application_id=row.pk, content=made.content(), now=after(62))
    row = services.submit_application(actor=owner, application_id=row.pk, now=after(62))
    made.approved(made.passed(row, now=after(63)), now=after(63))
    assert standing(supplier) == "admitted"
    old.refresh_from_db()
    assert old.ended_at is not None
    assert run(64) == Followed()
    warned = RegionJournalEntry.objects.filter(event="suppliers.warned").values_list("facts", flat=True)
    assert [facts["level"] for facts in warned] == [1, 2]


def test_a_certificate_that_ends_holds_nobody() -> None:
    supplier, _ = made.admitted()
    Qualification.objects.update(kind="certificate", expires_on=TODAY + timedelta(days=10))
    assert run(11) == Followed(ended=1)
    assert standing(supplier) == "admitted"
    assert Qualification.objects.get().warned == 3


def test_a_long_silence_skips_no_level_that_matters() -> None:
    """The timer was off: whatever was missed, the first run afterwards takes it to where it is today."""
    supplier, _ = made.admitted(expires_on=TODAY + timedelta(days=60))
    assert run(300) == Followed(ended=1)
    assert standing(supplier) == "suspended"


def test_who_does_not_confirm_within_the_year_is_held_until_it_does() -> None:
    supplier, owner = made.admitted()
    due = 365 if TODAY.replace(year=TODAY.year + 1) - TODAY == timedelta(days=365) else 366
    assert run(due - 31) == Followed()
    assert run(due - 30) == Followed(warned=1)
    assert run(due - 7) == Followed(warned=1)
    assert run(due) == Followed()
    assert run(due + 1) == Followed(ended=1)
    assert standing(supplier) == "suspended"
    services.confirm_supplier(actor=owner, supplier_id=supplier.pk, now=after(due + 2))
    assert standing(supplier) == "admitted"
    assert run(due + 3) == Followed()


def test_nobody_is_asked_whom_nobody_has_told() -> None:
    supplier = make_supplier()
    Supplier.objects.filter(pk=supplier.pk).update(confirmed_on=None)
    assert run(4000) == Followed()


def test_drafts_that_nobody_goes_on_with_lapse() -> None:
    code = made.next_code()
    made.draft(uscc=code, now=NOW)
    assert run(29) == Followed()
    assert run(30) == Followed(lapsed=1)
    assert SupplierApplication.objects.get().state == "lapsed"
    made.draft(uscc=code, now=after(31))


def test_the_task_follows_the_database_s_clock() -> None:
    supplier, _ = made.admitted()
    Qualification.objects.update(expires_on=TODAY - timedelta(days=2))
    follow()
    assert standing(supplier) == "suspended"


def test_a_change_leaves_the_library_alone_until_it_is_approved() -> None:
    supplier, owner = made.admitted()
    row = services.begin_change(actor=owner, supplier_id=supplier.pk, now=NOW)
    with pytest.raises(services.RegistrationOpen):
        services.begin_change(actor=owner, supplier_id=supplier.pk, now=NOW)
    services.save_application(
        actor=owner, application_id=row.pk, content=made.content(name="测试·新名纸业有限公司", size="medium"), now=NOW
    )
    services.change_phone(actor=owner, supplier_id=supplier.pk, phone="0991-7654321", now=NOW)
    row = services.submit_application(actor=owner, application_id=row.pk, now=NOW)
    row = made.passed(row)
    assert Supplier.objects.get().name == "测试·天山纸业有限公司"
    made.approved(row)
    found = Supplier.objects.get()
    assert (found.name, found.size, found.phone) == ("测试·新名纸业有限公司", "medium", "0991-7654321")
    assert Organisation.objects.get(pk=found.organisation_id).name == "测试·新名纸业有限公司"
    assert Qualification.objects.get().ended_at is None
    changed = RegionJournalEntry.objects.get(event="suppliers.changed").facts
    assert changed["fields"] == ["name", "size"]


def test_what_is_given_up_needs_no_renewal() -> None:
    supplier, owner = made.admitted()
    permit = Qualification.objects.create(
        supplier=supplier, kind="permit", title="危险化学品经营许可证", expires_on=TODAY + timedelta(days=1),
        file_key="region-" + "0" * 40, file_name="许可.pdf", added_at=NOW,
    )  # fmt: skip
    run(2)
    assert standing(supplier) == "suspended"
    row = services.begin_change(actor=owner, supplier_id=supplier.pk, now=after(2))
    services.save_application(
        actor=owner, application_id=row.pk, content=made.content(dropped=[permit.pk]), now=after(2)
    )
    row = services.submit_application(actor=owner, application_id=row.pk, now=after(2))
    made.approved(made.passed(row, now=after(2)), now=after(2))
    assert standing(supplier) == "admitted"


def test_only_its_administrators_act_for_a_supplier() -> None:
    supplier, owner = made.admitted()
    sales = owner.__class__(
        user_id=77, name="销售", belongs=owner.belongs,
        held=(owner.held[0].__class__("supplier_sales", owner.held[0].organisation_id),),  # type: ignore[arg-type]
    )  # fmt: skip
    for actor in (sales, made.vetter(), made.REGION):
        with pytest.raises(NotFound):
            services.begin_change(actor=actor, supplier_id=supplier.pk, now=NOW)
        with pytest.raises(NotFound):
            services.confirm_supplier(actor=actor, supplier_id=supplier.pk, now=NOW)
    services.change_standing(actor=made.REGION, supplier_id=supplier.pk, action="remove", reason="注销", now=NOW)
    with pytest.raises(services.NotInTheLibrary):
        services.change_phone(actor=owner, supplier_id=supplier.pk, phone="0991-1", now=NOW)


def test_periods_are_versions_and_the_newest_that_has_begun_counts() -> None:
    values = {
        "vetting_days": 3, "admission_days": 3, "correction_days": 30, "first_warning_days": 10,
        "last_warning_days": 2, "confirmation_months": 12, "basis": "测试文件〔2026〕1号",
    }  # fmt: skip
    tomorrow = TODAY + timedelta(days=1)
    services.enter_terms(actor=made.REGION, valid_from=tomorrow, now=NOW, **values)  # type: ignore[arg-type]
    row, _ = made.submitted()
    assert row.due_on == TODAY + timedelta(days=7)
    later, _ = made.submitted(now=after(1))
    assert later.due_on == tomorrow + timedelta(days=3)
    with pytest.raises(services.TermsThere):
        services.enter_terms(actor=made.REGION, valid_from=tomorrow, now=NOW, **values)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        services.enter_terms(actor=made.REGION, valid_from=TODAY, now=NOW, **values)  # type: ignore[arg-type]
    with pytest.raises(NotPermitted):
        services.enter_terms(actor=made.vetter(), valid_from=tomorrow, now=NOW, **values)  # type: ignore[arg-type]
