"""From a registration to the library, and back: who may do what, what is missing, what the journal says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connections

from kernel.actor import ANONYMOUS, Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, TooManyRequests, WrongState
from shared_apps.accounts.models import Membership
from shared_apps.region_files.services import open_file
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers import services
from shared_apps.suppliers.models import Qualification, Shareholder, Supplier, SupplierApplication
from shared_apps.suppliers.rules import APPLICATION_LIFECYCLE, ApplicationState
from shared_apps.suppliers.selectors.queue import possible_decisions, queue, waiting_count
from tenants.database.context import region_as, region_atomic
from tenants.journaling.files import FileNotFound
from tenants.registry.models import Tenant
from tests.factories import suppliers as made
from tests.factories.goods import make_supplier
from tests.factories.people import PASSWORD, letters, make_user

S = ApplicationState
NOW = utc_now()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.YZ_FILES_DIR = tmp_path / "files"


@pytest.fixture
def open_mall() -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code="990001").update(state="live", live_at=NOW)


def begin(uscc: str, *, email: str = "a@example.com", address: str = "") -> tuple[SupplierApplication, str]:
    return services.begin_registration(
        actor=ANONYMOUS, uscc=uscc, name="测试·天山纸业有限公司", applicant_name="阿里木", email=email,
        address=address, now=utc_now(),
    )  # fmt: skip


def events() -> list[str]:
    names = RegionJournalEntry.objects.order_by("id").values_list("event", flat=True)
    return [name.removeprefix("suppliers.") for name in names if name.startswith("suppliers.")]


def test_from_the_letter_to_an_account_and_the_draft_is_mine() -> None:
    row, secret = begin(made.next_code())
    [letter] = letters()
    assert secret in letter.body
    user = services.open_registration(
        number=row.number, secret=secret, username="alimu", password=PASSWORD, now=utc_now()
    )
    actor = made.as_actor(user)
    services.save_application(actor=actor, application_id=row.pk, content=made.content(), now=utc_now())
    with pytest.raises(services.RegistrationLinkNotValid):
        services.take_registration(actor=actor, number=row.number, secret=secret, now=utc_now())
    assert events() == ["application_begun", "application_opened", "application_edited"]


def test_a_link_is_good_for_seven_days_and_a_wrong_one_never() -> None:
    row, secret = begin(made.next_code())
    person = made.as_actor(make_user())
    for link, at in ((secret, utc_now() + timedelta(days=7)), ("x" * 43, utc_now())):
        with pytest.raises(services.RegistrationLinkNotValid):
            services.take_registration(actor=person, number=row.number, secret=link, now=at)


def test_a_code_is_registered_once() -> None:
    code = made.next_code()
    row, _ = begin(code)
    with pytest.raises(services.RegistrationOpen):
        begin(code.lower(), email="b@example.com")
    with pytest.raises(services.SupplierExists):
        begin(make_supplier().uscc)
    with pytest.raises(InvalidInput):
        begin(code[:-1] + ("1" if code[-1] != "1" else "2"))
    assert SupplierApplication.objects.get().pk == row.pk


def test_a_mailbox_and_an_address_get_few_letters() -> None:
    for _ in range(5):
        begin(made.next_code(), address="192.0.2.7")
    with pytest.raises(TooManyRequests):
        begin(made.next_code())
    for number in range(5):
        begin(made.next_code(), address="192.0.2.7", email=f"{number}@example.com")
    with pytest.raises(TooManyRequests):
        begin(made.next_code(), address="192.0.2.7", email="z@example.com")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"legal_representative": ""}, "legal_representative"),
        ({"division_code": ""}, "division_code"),
        ({"size": ""}, "size"),
        ({"sme_declared": False}, "sme_declared"),
        ({"size": "large"}, "sme_declared"),
        ({"record_declared": False}, "record_declared"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], field: str) -> None:
    row, actor = made.draft(**changes)
    made.attach(row, actor)
    with pytest.raises(services.ApplicationIncomplete) as refused:
        services.submit_application(actor=actor, application_id=row.pk, now=utc_now())
    assert list(refused.value.errors) == [field]


def test_a_licence_is_asked_for_and_must_be_good() -> None:
    row, actor = made.draft()
    with pytest.raises(services.ApplicationIncomplete) as refused:
        services.submit_application(actor=actor, application_id=row.pk, now=utc_now())
    assert list(refused.value.errors) == ["documents"]
    with pytest.raises(InvalidInput):
        made.attach(row, actor, expires_on=local_date(NOW) - timedelta(days=1))
    made.attach(row, actor, expires_on=local_date(NOW))
    with pytest.raises(services.ApplicationIncomplete):
        services.submit_application(actor=actor, application_id=row.pk, now=NOW + timedelta(days=2))


def test_the_whole_way(open_mall: None) -> None:
    row, owner = made.submitted()
    cpb = made.vetter()
    assert (row.state, row.collecting_code, row.version) == (S.SUBMITTED, "990001", 2)
    assert [one.pk for one in queue(actor=cpb)] == [row.pk]
    assert (waiting_count(actor=cpb), waiting_count(actor=made.REGION)) == (1, 0)
    services.return_application(
        actor=cpb, application_id=row.pk, version=2, findings={"address": "与营业执照不一致"}, reason="", now=utc_now()
    )
    services.save_application(
        actor=owner, application_id=row.pk, content=made.content(address="乌鲁木齐市文化路1号"), now=utc_now()
    )
    row = services.submit_application(actor=owner, application_id=row.pk, now=utc_now())
    assert (row.findings, row.version) == ({}, 3)
    row = made.approved(made.passed(row, actor=cpb))
    supplier = Supplier.objects.get(pk=row.supplier_id)
    assert (supplier.standing, supplier.address, supplier.is_sme) == ("admitted", "乌鲁木齐市文化路1号", True)
    assert supplier.sme_declared_at == row.submitted_at
    member = Membership.objects.get(organisation_id=supplier.organisation_id)
    assert (member.user_id, member.posts) == (owner.user_id, ["supplier_admin"])
    assert Qualification.objects.get(supplier=supplier).number == "650100000001"
    assert list(Shareholder.objects.order_by("name").values_list("name", flat=True)) == ["测试投资有限公司", "阿里木"]
    assert events()[-7:] == [
        "application_edited", "application_submitted", "application_passed", "registered", "organisation_linked",
        "standing_changed", "application_approved",
    ]  # fmt: skip
    assert len(letters()) == 2


def test_each_state_takes_the_actions_of_the_table_and_no_others(open_mall: None) -> None:
    cpb = made.vetter()
    calls: dict[str, Any] = {
        "edit": lambda row, owner: services.save_application(
            actor=owner, application_id=row.pk, content=made.content(), now=utc_now()
        ),
        "submit": lambda row, owner: services.submit_application(actor=owner, application_id=row.pk, now=utc_now()),
        "withdraw": lambda row, owner: services.withdraw_application(
            actor=owner, application_id=row.pk, now=utc_now()
        ),
        "pass": lambda row, owner: services.pass_application(
            actor=cpb, application_id=row.pk, version=row.version, now=utc_now()
        ),
        "return": lambda row, owner: services.return_application(
            actor=made.REGION if row.state == S.VETTED else cpb, application_id=row.pk, version=row.version,
            findings={}, reason="请更正", now=utc_now(),
        ),
        "refuse": lambda row, owner: services.refuse_application(
            actor=made.REGION if row.state == S.VETTED else cpb, application_id=row.pk, version=row.version,
            reason="不符合条件", now=utc_now(),
        ),
        "approve": lambda row, owner: services.approve_application(
            actor=made.REGION, application_id=row.pk, version=row.version, now=utc_now()
        ),
    }  # fmt: skip
    row, owner = made.submitted()
    decided = {"decided_at": NOW, "reason": "测试"}
    for state, action, allowed in APPLICATION_LIFECYCLE.product():
        if action == "lapse" or state == S.APPROVED:
            continue
        SupplierApplication.objects.filter(pk=row.pk).update(state=state, supplier=None, version=2, **decided)
        row.refresh_from_db()
        if allowed:
            if action == "approve":
                continue  # makes the supplier: the whole way has a test of its own
            assert calls[action](row, owner).state == APPLICATION_LIFECYCLE.next(state, action).target
            continue
        before = RegionJournalEntry.objects.count()
        with pytest.raises(WrongState):
            calls[action](row, owner)
        assert RegionJournalEntry.objects.count() == before


def test_who_vets_and_who_admits(open_mall: None) -> None:
    row, _ = made.submitted()
    today = local_date(NOW)
    cpb, bureau, other = made.vetter(), made.vetter(post=Post.TIER_SUPERVISOR), made.vetter("990002")
    assert possible_decisions(cpb, row, today=today) == {"pass", "return", "refuse"}
    assert possible_decisions(bureau, row, today=today) == {"pass", "return", "refuse"}
    assert possible_decisions(made.REGION, row, today=today) == frozenset()
    # What the level has let lie, the region takes up.
    assert row.due_on is not None
    assert "pass" in possible_decisions(made.REGION, row, today=row.due_on + timedelta(days=1))
    with pytest.raises(NotFound):
        made.passed(row, actor=other)
    with pytest.raises(NotPermitted):
        made.passed(row, actor=made.REGION)
    with pytest.raises(services.ApplicationChanged):
        services.pass_application(actor=cpb, application_id=row.pk, version=1, now=utc_now())
    row = made.passed(row, actor=cpb)
    with pytest.raises(NotPermitted):
        services.approve_application(actor=cpb, application_id=row.pk, version=row.version, now=utc_now())
    assert possible_decisions(made.REGION, row, today=today) == {"approve", "return", "refuse"}


def test_nobody_decides_on_their_own_application() -> None:
    row, owner = made.submitted()
    staff = Actor(user_id=owner.user_id, name=owner.name, held=made.REGION.held)
    with pytest.raises(NotPermitted):
        made.passed(row, actor=staff)


def test_strangers_reach_neither_the_application_nor_its_files(open_mall: None) -> None:
    row, owner = made.draft()
    document = made.attach(row, owner)
    stranger = made.as_actor(make_user())
    for call in (
        lambda: services.save_application(actor=stranger, application_id=row.pk, content=made.content(), now=utc_now()),
        lambda: services.submit_application(actor=stranger, application_id=row.pk, now=utc_now()),
        lambda: services.remove_document(actor=stranger, application_id=row.pk, document_id=document.pk, now=utc_now()),
        lambda: services.withdraw_application(actor=stranger, application_id=row.pk, now=utc_now()),
        lambda: made.passed(row, actor=made.vetter()),
    ):
        with pytest.raises(NotFound):
            call()
    # A draft is nobody's but its owner's; once it is sent the level that vets opens its files, no other does.
    for actor in (stranger, made.vetter(), made.vetter("990002")):
        with pytest.raises(FileNotFound):
            open_file(actor=actor, key=document.file_key)
    services.submit_application(actor=owner, application_id=row.pk, now=utc_now())
    for actor in (owner, made.vetter(), made.REGION):
        assert open_file(actor=actor, key=document.file_key)[0].name == "营业执照.pdf"
    with pytest.raises(FileNotFound):
        open_file(actor=made.vetter("990002"), key=document.file_key)


def test_a_file_is_taken_back_and_shareholders_are_named_once() -> None:
    row, owner = made.draft()
    document = made.attach(row, owner)
    services.remove_document(actor=owner, application_id=row.pk, document_id=document.pk, now=utc_now())
    assert row.documents.count() == 0
    twice = [{"name": "测试（投资）", "share": ""}, {"name": "测试(投资)", "share": "1.00"}]
    for wrong in ({"shareholders": twice}, {"division_code": "123456"}, {"dropped": [1]}):
        with pytest.raises(InvalidInput):
            services.save_application(actor=owner, application_id=row.pk, content=made.content(**wrong), now=utc_now())


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'approved'", "supplier_application_approved_is_in_the_library"),
        ("kind = 'change'", "supplier_application_change_names_its_supplier"),
        ("submitted_at = NULL", "supplier_application_waits_since_it_was_sent"),
        ("state = 'refused', reason = ''", "supplier_application_refused_with_a_reason"),
    ],
)
def test_applications_that_cannot_be(change: str, constraint: str) -> None:
    row, _ = made.submitted()
    with (
        pytest.raises(IntegrityError, match=constraint),
        region_atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE suppliers_supplierapplication SET {change} WHERE id = %s", [row.pk])
