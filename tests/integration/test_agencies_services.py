"""Registration, changes and their refusals, on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, TooManyRequests, WrongState
from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import Invitation, Organisation
from shared_apps.agencies import services
from shared_apps.agencies.models import Agency, AgencyFile, ReportedChange
from shared_apps.agencies.rules.content import FileKind
from shared_apps.agencies.rules.registration import AgencyState
from shared_apps.agencies.selectors import public
from shared_apps.region_files.services import open_file
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.rulebook.services import load_shipped
from tenants.database.context import region_as
from tenants.journaling.files import FileNotFound
from tests.factories import agencies as made
from tests.factories import files
from tests.factories.people import actor_of, join, letters, make_organisation, make_user

# A Wednesday in a year whose calendar is shipped.
NOW = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def region(room: None) -> Iterator[None]:
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        yield


def opening(number: int = 500, **changes: str) -> Agency:
    given = {
        "uscc": made.code(number), "name": "测试·新代理有限公司", "contact_name": "阿依努尔",
        "contact_email": "new@example.com", "address": "127.0.0.9",
    }  # fmt: skip
    return services.open_registration(now=utc_now(), **(given | changes))


def events() -> list[str]:
    return list(
        RegionJournalEntry.objects.filter(event__startswith="agencies.").order_by("pk").values_list("event", flat=True)
    )


def test_beginning_a_registration_invites_the_contact_as_manager() -> None:
    agency = opening()
    invitation = Invitation.objects.get()
    assert (agency.state, agency.organisation_id) == (AgencyState.DRAFT, invitation.organisation_id)
    assert invitation.posts == [Post.AGENCY_MANAGER]
    assert [letter.to for letter in letters()] == [["new@example.com"]]
    assert events() == ["agencies.registration_opened"]


@pytest.mark.parametrize("code", ["", "91650100TEXAG0001", "916501000000000000", made.code(1)[:-1] + "?"])
def test_a_wrong_credit_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        opening(uscc=code)
    assert set(refused.value.errors) == {"uscc"}
    assert not Organisation.objects.exists()


def test_while_nobody_has_accepted_a_second_beginning_replaces_the_letter() -> None:
    first = opening()
    again = opening(contact_email="right@example.com", name="测试·改名代理有限公司")
    assert again.pk == first.pk
    assert list(Invitation.objects.filter(withdrawn_at=None).values_list("email", flat=True)) == ["right@example.com"]
    assert Agency.objects.get().name == "测试·改名代理有限公司"


def test_an_agency_that_somebody_acts_for_is_not_registered_twice() -> None:
    agency = opening()
    join(make_user(), Organisation.objects.get(pk=agency.organisation_id), [Post.AGENCY_MANAGER])
    with pytest.raises(services.AgencyExists):
        opening()
    assert Invitation.objects.count() == 1


def test_nor_is_one_whose_organisation_the_platform_entered() -> None:
    make_organisation("agency", made.code(500), "测试·已录入")
    with pytest.raises(services.AgencyExists):
        opening()
    assert not Agency.objects.exists()


def test_a_mailbox_is_not_flooded() -> None:
    for number in range(5):
        opening(600 + number, address="")
    with pytest.raises(TooManyRequests):
        opening(700, address="")


def test_a_registration_lives_from_draft_to_the_list() -> None:
    firm = made.filled()
    staff = actor_of(made.region_supervisor())
    services.submit(actor=firm.actor, now=NOW)
    agency = services.return_registration(
        actor=staff, agency_id=firm.agency.pk, version=firm.fresh().version, reasons={"address": "与执照不符"}, now=NOW
    )
    assert (agency.state, agency.return_reasons) == (AgencyState.RETURNED, {"address": "与执照不符"})
    services.save_content(actor=firm.actor, content=made.content(address="更正后的地址"), now=NOW)
    services.submit(actor=firm.actor, now=NOW)
    assert firm.fresh().return_reasons == {}
    services.publish(actor=staff, agency_id=firm.agency.pk, version=firm.fresh().version, now=NOW)
    page = public.agency_page(agency_id=firm.agency.pk)
    assert (page.content.address, page.staff_count, page.published_at) == ("更正后的地址", 5, NOW)
    assert events()[-5:] == [
        "agencies.registration_submitted", "agencies.registration_returned", "agencies.content_saved",
        "agencies.registration_submitted", "agencies.published",
    ]  # fmt: skip


def test_what_is_incomplete_is_not_submitted() -> None:
    firm = made.opened()
    with pytest.raises(services.RegistrationIncomplete) as refused:
        services.submit(actor=firm.actor, now=NOW)
    assert {"address", "staff", "files", "division_code"} <= set(refused.value.errors)
    assert firm.fresh().state == AgencyState.DRAFT


def test_the_desk_decides_on_what_it_has_read() -> None:
    firm = made.submitted()
    staff, read = actor_of(made.region_supervisor()), firm.agency.version
    services.withdraw(actor=firm.actor, now=NOW)
    services.reopen(actor=firm.actor, now=NOW)
    services.submit(actor=firm.actor, now=NOW)
    with pytest.raises(services.AgencyChanged):
        services.publish(actor=staff, agency_id=firm.agency.pk, version=read, now=NOW)
    assert firm.fresh().state == AgencyState.SUBMITTED


def test_only_the_region_publishes_and_only_the_manager_submits() -> None:
    firm = made.filled()
    clerk = make_user()
    join(clerk, firm.organisation, [Post.AGENCY_CLERK])
    with pytest.raises(NotFound):
        services.submit(actor=actor_of(clerk), now=NOW)
    services.save_content(actor=actor_of(clerk), content=made.content(address="经办填写"), now=NOW)
    services.submit(actor=firm.actor, now=NOW)
    with pytest.raises(NotPermitted):
        services.publish(actor=firm.actor, agency_id=firm.agency.pk, version=firm.fresh().version, now=NOW)


def test_another_agency_s_draft_is_out_of_reach() -> None:
    mine, other = made.filled(), made.filled()
    person = other.agency.staff.first()
    assert person is not None
    with pytest.raises(NotFound):
        services.remove_staff(actor=mine.actor, staff_id=person.pk, now=NOW)
    file = AgencyFile.objects.filter(agency=other.agency).first()
    assert file is not None
    with pytest.raises(FileNotFound):
        open_file(actor=mine.actor, key=file.key)
    assert open_file(actor=actor_of(made.region_supervisor()), key=file.key)[0].key == file.key


def test_a_file_of_the_same_kind_replaces_the_one_before() -> None:
    firm = made.filled()
    services.add_file(actor=firm.actor, kind=FileKind.LICENCE, name="新.pdf", content=files.pdf("new"), now=NOW)
    kept = AgencyFile.objects.filter(agency=firm.agency, kind=FileKind.LICENCE)
    assert (kept.count(), kept.get(replaced_at=None).name) == (2, "新.pdf")


def test_what_is_not_on_the_list_is_not_public() -> None:
    for firm in (made.opened(), made.submitted(), made.returned()):
        with pytest.raises(NotFound):
            public.agency_page(agency_id=firm.agency.pk)
    assert public.name_list().total == 0


def test_published_content_is_changed_by_reporting_only() -> None:
    firm = made.published()
    with pytest.raises(WrongState):
        services.save_content(actor=firm.actor, content=made.content(address="x"), now=NOW)
    with pytest.raises(WrongState):
        services.add_staff(actor=firm.actor, name="己员工", joined_on=date(2026, 6, 1), now=NOW)


@pytest.mark.parametrize(("happened_on", "late"), [(date(2026, 5, 27), False), (date(2026, 5, 26), True)])
def test_a_change_counts_at_once_and_says_whether_it_was_late(happened_on: date, late: bool) -> None:
    firm = made.published()
    change = services.report_change(
        actor=firm.actor, content=made.content(legal_representative="新法人"), happened_on=happened_on, now=NOW
    )
    assert (change.is_late, change.items) == (
        late, [{"field": "legal_representative", "old": "测试法人", "new": "新法人"}],
    )  # fmt: skip
    page = public.agency_page(agency_id=firm.agency.pk)
    assert page.content.legal_representative == "新法人"
    assert [one.due_on for one in page.changes] == [change.due_on]
    assert events()[-1] == "agencies.change_reported"


@pytest.mark.parametrize(
    ("changes", "happened_on", "field"),
    [({}, "2026-06-09", "happened_on"), ({"address": "新"}, "2026-06-11", "happened_on"),
     ({"address": ""}, "2026-06-09", "address"), ({"home_province": "990000"}, "2026-06-09", "home_province"),
     ({"division_code": "111111"}, "2026-06-09", "division_code")],
)  # fmt: skip
def test_a_report_that_says_nothing_or_too_much_is_refused(
    changes: dict[str, str], happened_on: str, field: str
) -> None:
    firm = made.published()
    with pytest.raises(InvalidInput) as refused:
        services.report_change(
            actor=firm.actor, content=made.content(**changes), happened_on=date.fromisoformat(happened_on), now=NOW
        )
    assert field in refused.value.errors
    assert not ReportedChange.objects.exists()


def test_the_party_goes_by_the_name_that_is_published() -> None:
    firm = made.published()
    services.report_change(
        actor=firm.actor, content=made.content(name="测试·改名代理"), happened_on=date(2026, 6, 9), now=NOW
    )
    firm.organisation.refresh_from_db()
    assert firm.organisation.name == "测试·改名代理"


def test_the_last_manager_stays() -> None:
    """Staff accounts are managed with the services of accounts, by the agency's own manager."""
    firm = made.opened()
    clerk = make_user()
    clerks = join(clerk, firm.organisation, [Post.AGENCY_CLERK])
    own = firm.manager.memberships.get()
    for call in (
        lambda: accounts.end_membership(actor=firm.actor, membership_id=own.pk, now=NOW),
        lambda: accounts.change_posts(actor=firm.actor, membership_id=own.pk, posts=[Post.AGENCY_CLERK], now=NOW),
    ):
        with pytest.raises(accounts.LastAdministrator):
            call()
    with pytest.raises(NotFound):
        accounts.change_posts(actor=actor_of(clerk), membership_id=clerks.pk, posts=[Post.AGENCY_MANAGER], now=NOW)
    accounts.change_posts(actor=firm.actor, membership_id=clerks.pk, posts=[Post.AGENCY_MANAGER], now=NOW)
    accounts.end_membership(actor=actor_of(clerk), membership_id=own.pk, now=NOW)


def test_staff_who_come_and_go_are_changes_by_number() -> None:
    firm = made.published()
    services.report_staff_joined(actor=firm.actor, name="己员工", joined_on=date(2026, 6, 8), now=NOW)
    person = firm.agency.staff.order_by("pk").first()
    assert person is not None
    services.report_staff_left(actor=firm.actor, staff_id=person.pk, left_on=date(2026, 6, 9), now=NOW)
    items = [change.items for change in ReportedChange.objects.order_by("pk")]
    assert items == [[{"field": "staff", "old": 5, "new": 6}], [{"field": "staff", "old": 6, "new": 5}]]
    assert public.agency_page(agency_id=firm.agency.pk).staff_count == 5
    with pytest.raises(NotFound):
        services.report_staff_left(actor=firm.actor, staff_id=person.pk, left_on=date(2026, 6, 9), now=NOW)


def test_leaving_the_list_says_where_the_files_went() -> None:
    firm = made.published()
    with pytest.raises(InvalidInput):
        services.deregister(actor=firm.actor, hand_over=" ", now=NOW)
    services.deregister(actor=firm.actor, hand_over="喀什市第一中学、市卫健委", now=NOW)
    assert public.name_list().total == 0
    page = public.agency_page(agency_id=firm.agency.pk)
    assert (page.state, page.hand_over) == (AgencyState.DEREGISTERED, "喀什市第一中学、市卫健委")


def test_the_list_is_searched_filtered_and_sorted() -> None:
    first = made.published(name="测试·甲代理")
    second = made.published(name="测试·乙代理", division_code="653101")
    guest = made.published(name="测试·外省代理", home_province="510000", division_code="")
    names = lambda **wanted: [row.name for row in public.name_list(**wanted).rows]  # noqa: E731
    assert names(q="乙") == ["测试·乙代理"]
    assert names(q=first.agency.uscc.lower()) == ["测试·甲代理"]
    assert names(division="653100") == names(division="653101") == ["测试·乙代理"]
    assert names(division="650100") == ["测试·甲代理"]
    assert names(home="elsewhere") == ["测试·外省代理"]
    services.report_staff_joined(
        actor=second.actor, name="己员工", joined_on=local_date(NOW) - timedelta(days=1), now=NOW
    )
    assert names(sort="staff")[0] == "测试·乙代理"
    assert names(sort="newest")[0] == "测试·外省代理"
    assert public.name_list(rows_max=2).next_page == 2
    assert guest.fresh().state == AgencyState.PUBLISHED


@pytest.mark.parametrize(
    "columns",
    [{"state": "published", "published_at": None}, {"state": "deregistered", "deregistered_at": None},
     {"state": "returned", "return_reasons": {}}, {"uscc": "I" * 18}, {"state": "approved"},
     {"state": "published", "published_at": NOW, "has_review_room": True}],
)  # fmt: skip
def test_the_table_refuses_what_cannot_be(columns: dict[str, object]) -> None:
    firm = made.opened()
    with pytest.raises(IntegrityError):
        Agency.objects.filter(pk=firm.agency.pk).update(**columns)
