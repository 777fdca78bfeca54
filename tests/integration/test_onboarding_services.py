"""From an application to a mall with its bureau: states, proofs, limits, and a worker that dies at every step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections

from kernel.actor import Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, TooManyRequests, WrongState
from shared_apps.accounts.models import Invitation, Organisation
from shared_apps.onboarding import selectors, services, tasks
from shared_apps.onboarding.models import Application, MallProgress, ProvisioningStep
from shared_apps.onboarding.rules import (
    APPLICATION_LIFECYCLE,
    APPLICATIONS_PER_ADDRESS,
    APPLICATIONS_PER_MAILBOX,
    RUNS_MAX,
    ApplicationState,
    StepName,
)
from shared_apps.onboarding.services import provisioning
from shared_apps.onboarding.services.applying import by_link
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as
from tenants.registry.models import Tenant
from tests.factories.onboarding import NEW, OPERATOR, approve, content, file_application, new_division
from tests.factories.people import letters, make_organisation
from tests.tenancy.catalogues import names_left

A = "990001"
S = ApplicationState
AUDITOR = Actor(user_id=1, name="审计", held=(HeldPost(Post.AUDITOR, 1),))


@pytest.fixture(autouse=True)
def division(room: None) -> Iterator[str]:
    with new_division() as code:
        yield code


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Wake-ups go nowhere: the tests are the worker."""
    sent: list[int] = []
    monkeypatch.setattr(tasks.provision, "enqueue", lambda *, application_id: sent.append(application_id))
    return sent


def run(application: Application) -> bool:
    with region_as("yz_region"):
        return services.run_provisioning(application_id=application.pk)


def state(application: Application) -> str:
    return Application.objects.get(pk=application.pk).state


def steps(application: Application) -> list[tuple[str, str]]:
    rows = ProvisioningStep.objects.filter(application=application).order_by("position")
    return list(rows.values_list("name", "state"))


def events() -> list[str]:
    rows = RegionJournalEntry.objects.filter(event__startswith="onboarding.").order_by("id")
    return list(rows.values_list("event", flat=True))


# -- applying ---------------------------------------------------------------------------------------------------------
def test_an_application_gets_a_number_and_a_link_whose_secret_is_kept_nowhere() -> None:
    application, secret = file_application()
    assert application.number.startswith("SQ")
    assert application.number.endswith("0001")
    with region_as("yz_region"):
        assert by_link(number=application.number, secret=secret).pk == application.pk
        with pytest.raises(services.ApplicationNotFound):
            by_link(number=application.number, secret=secret[:-1] + "x")
        with pytest.raises(services.ApplicationNotFound):
            by_link(number="SQ202601010001", secret=secret)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(a)::text FROM onboarding_application a")
        assert secret not in cursor.fetchone()[0]
    (letter,) = letters()
    assert letter.to == ["bureau@example.com"]
    assert f"/applications/{application.number}/{secret}/" in str(letter.body)
    facts = RegionJournalEntry.objects.get(event="onboarding.applied").facts
    assert not {"phone", "email", "responsible_name"} & set(facts)


def test_a_division_asks_once_until_it_is_answered() -> None:
    application, secret = file_application()
    with pytest.raises(services.DivisionTaken):
        file_application()
    with pytest.raises(IntegrityError, match="application_one_open_per_division"), region_as("yz_region"):
        Application.objects.create(
            number="SQ1", secret_hash="x", state=S.APPLIED, division_code=NEW, division_name="x", applied_at=utc_now(),
            **content().columns(),
        )  # fmt: skip
    with region_as("yz_region"):
        services.withdraw_application(number=application.number, secret=secret, now=utc_now())
    file_application()
    assert events() == ["onboarding.applied", "onboarding.withdrawn", "onboarding.applied"]


def test_only_divisions_without_a_mall_in_use_may_apply() -> None:
    with pytest.raises(NotFound):
        file_application("999999")
    file_application(A)
    with region_as("yz_region"):
        Tenant.objects.filter(code="990002").update(state="live")
    with pytest.raises(services.DivisionTaken):
        file_application("990002")
    with region_as("yz_region"):
        free = {one.code: one.is_free for one in selectors.choices(text="9900")}
    assert free == {A: False, "990002": False, NEW: True}


def test_an_amendment_counts_and_ends_with_the_decision() -> None:
    application, secret = file_application()
    with region_as("yz_region"):
        changed = services.amend_application(
            number=application.number, secret=secret, content=content(phone="13900000000"), now=utc_now()
        )
        assert (changed.version, changed.phone) == (2, "13900000000")
        with pytest.raises(services.ApplicationChanged):
            services.approve_application(actor=OPERATOR, application_id=application.pk, version=1, now=utc_now())
    approve(changed)
    with region_as("yz_region"), pytest.raises(WrongState):
        services.amend_application(number=application.number, secret=secret, content=content(), now=utc_now())
    with region_as("yz_region"), pytest.raises(WrongState):
        services.withdraw_application(number=application.number, secret=secret, now=utc_now())


def test_one_address_and_one_mailbox_cannot_flood_the_region() -> None:
    for _ in range(APPLICATIONS_PER_MAILBOX):
        application, secret = file_application(address="10.0.0.1")
        with region_as("yz_region"):
            services.withdraw_application(number=application.number, secret=secret, now=utc_now())
    with pytest.raises(TooManyRequests):
        file_application(address="10.0.0.2")
    for number in range(APPLICATIONS_PER_ADDRESS - APPLICATIONS_PER_MAILBOX):
        application, secret = file_application(address="10.0.0.1", email=f"b{number}@example.com")
        with region_as("yz_region"):
            services.withdraw_application(number=application.number, secret=secret, now=utc_now())
    with pytest.raises(TooManyRequests):
        file_application(address="10.0.0.1", email="other@example.com")


# -- deciding ---------------------------------------------------------------------------------------------------------
def test_a_refusal_needs_a_reason_and_is_told() -> None:
    application, _ = file_application()
    with region_as("yz_region"):
        with pytest.raises(InvalidInput):
            services.refuse_application(
                actor=OPERATOR, application_id=application.pk, version=1, reason=" ", now=utc_now()
            )
        services.refuse_application(
            actor=OPERATOR, application_id=application.pk, version=1, reason="预算未列", now=utc_now()
        )
    assert "预算未列" in str(letters()[-1].body)
    with pytest.raises(WrongState):
        approve(application)
    file_application()


@pytest.mark.parametrize("post", sorted(set(Post) - {Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR}))
def test_only_the_region_decides(post: Post) -> None:
    application, _ = file_application()
    stranger = Actor(user_id=1, name="x", held=(HeldPost(post, 1),))
    with pytest.raises(NotPermitted):
        approve(application, actor=stranger)
    with region_as("yz_region"):
        with pytest.raises(NotPermitted):
            services.refuse_application(
                actor=stranger, application_id=application.pk, version=1, reason="x", now=utc_now()
            )
        with pytest.raises(NotPermitted):
            services.retry_provisioning(actor=stranger, application_id=application.pk, now=utc_now())
        reads = [row.pk for row in selectors.applications(actor=stranger)]
    assert reads == ([application.pk] if post == Post.AUDITOR else [])
    assert state(application) == S.APPLIED


# -- setting up -------------------------------------------------------------------------------------------------------
def test_an_approved_application_becomes_a_mall_with_its_bureau_invited(woken: list[int]) -> None:
    application, _ = file_application()
    approve(application)
    assert (state(application), woken) == (S.APPROVED, [application.pk])
    assert names_left(NEW) == []
    assert run(application)
    assert state(application) == S.PROVISIONED
    assert steps(application) == [(name, "done") for name in StepName]
    assert Tenant.objects.get(code=NEW).state == "configuring"
    bureau = Organisation.objects.get(kind="finance_bureau", tenant_code=NEW)
    invitation = Invitation.objects.get(organisation=bureau)
    assert (bureau.name, invitation.email, invitation.posts) == (
        "测试丙县财政局", "bureau@example.com", ["tier_supervisor"],
    )  # fmt: skip
    assert "/invitations/" in str(letters()[-1].body)
    assert MallProgress.objects.filter(tenant_code=NEW).exists()
    assert events() == [
        "onboarding.applied", "onboarding.approved", "onboarding.provisioning_started", "onboarding.provisioned",
    ]  # fmt: skip
    assert not run(application), "a second message finds nothing to do"
    with pytest.raises(services.DivisionTaken):
        file_application()


def test_where_the_mall_is_there_the_bureau_is_invited_at_once(woken: list[int]) -> None:
    application, _ = file_application(A)
    approve(application)
    assert state(application) == S.PROVISIONED
    assert woken == []
    assert steps(application) == [
        ("schema", "skipped"), ("check", "skipped"), ("bureau", "done"), ("invitation", "done"),
    ]  # fmt: skip
    assert Invitation.objects.get().organisation.tenant_code == A


def test_a_bureau_that_is_entered_already_gets_a_person_and_no_second_bureau() -> None:
    bureau = make_organisation("finance_bureau", "CZJ", "测试甲县财政局", A)
    application, _ = file_application(A)
    approve(application)
    assert Organisation.objects.filter(kind="finance_bureau", tenant_code=A).count() == 1
    assert Invitation.objects.get().organisation_id == bureau.pk


def test_a_failed_run_leaves_nothing_shows_its_error_and_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    application, _ = file_application()
    approve(application)

    def broken(**_: Any) -> None:
        raise DatabaseError("no space left on device\nDETAIL: secret")

    with monkeypatch.context() as patched:
        patched.setattr(provisioning, "create_tenant", broken)
        assert not run(application)
    row = Application.objects.get(pk=application.pk)
    assert (row.state, row.error) == (S.APPROVED, "DatabaseError: no space left on device")
    assert steps(application)[0] == ("schema", "failed")
    assert names_left(NEW) == []
    assert not run(application), "nobody has asked again"
    with region_as("yz_region"):
        assert selectors.due_applications(now=utc_now() + timedelta(days=1)) == []
        services.retry_provisioning(actor=OPERATOR, application_id=application.pk, now=utc_now())
        with pytest.raises(services.NothingFailed):
            services.retry_provisioning(actor=OPERATOR, application_id=application.pk, now=utc_now())
    assert run(application)
    assert state(application) == S.PROVISIONED


class Killed(BaseException):
    """What `kill -9` leaves: nothing after it runs."""


@pytest.mark.parametrize("moment", ["before schema", "after schema", "after check", "in settling"])
def test_a_worker_that_dies_is_found_by_the_sweep_and_the_next_one_ends_the_work(
    moment: str, monkeypatch: pytest.MonkeyPatch, woken: list[int]
) -> None:
    application, _ = file_application()
    approve(application)
    original_create, original_settle, original_check = (
        provisioning.create_tenant, provisioning.settle, provisioning._check,
    )  # fmt: skip

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    def after(function: Any) -> Any:
        def both(*args: Any, **kwargs: Any) -> None:
            function(*args, **kwargs)
            raise Killed

        return both

    name, value = {
        "before schema": ("create_tenant", die),
        "after schema": ("create_tenant", after(original_create)),
        "after check": ("_check", after(original_check)),
        "in settling": ("settle", after(original_settle)),
    }[moment]
    with monkeypatch.context() as patched:
        patched.setattr(provisioning, name, value)
        with pytest.raises(Killed):
            run(application)
    assert state(application) == S.PROVISIONING
    assert not run(application), "it may still be alive"
    woken.clear()
    with region_as("yz_region"):
        tasks.sweep_due()
        assert woken == []
        Application.objects.filter(pk=application.pk).update(lease_until=utc_now() - timedelta(seconds=1))
        tasks.sweep_due()
    assert woken == [application.pk]
    assert run(application)
    assert state(application) == S.PROVISIONED
    assert steps(application)[0] == ("schema", "done" if moment == "before schema" else "skipped")
    assert Organisation.objects.filter(tenant_code=NEW).count() == 1
    assert Invitation.objects.filter(organisation__tenant_code=NEW).count() == 1


def test_a_run_that_was_taken_over_writes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    application, _ = file_application()
    approve(application)
    original = provisioning._check
    late: list[bool] = []

    def overtaken(code: str) -> None:
        monkeypatch.setattr(provisioning, "_check", original)
        Application.objects.filter(pk=application.pk).update(lease_until=utc_now() - timedelta(seconds=1))
        late.append(run(application))
        original(code)

    monkeypatch.setattr(provisioning, "_check", overtaken)
    assert not run(application), "the first finds that it holds nothing"
    assert late == [True]
    assert state(application) == S.PROVISIONED
    assert Invitation.objects.filter(organisation__tenant_code=NEW).count() == 1


def test_a_run_that_dies_every_time_is_given_back_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    application, _ = file_application()
    approve(application)

    def die(**_: Any) -> None:
        raise Killed

    monkeypatch.setattr(provisioning, "create_tenant", die)
    for _ in range(RUNS_MAX):
        with pytest.raises(Killed):
            run(application)
        Application.objects.filter(pk=application.pk).update(lease_until=utc_now() - timedelta(seconds=1))
    assert not run(application)
    row = Application.objects.get(pk=application.pk)
    assert row.state == S.APPROVED
    assert row.error


def test_an_approval_whose_wake_up_was_lost_is_found() -> None:
    application, _ = file_application()
    approve(application)
    with region_as("yz_region"):
        assert selectors.due_applications(now=utc_now()) == []
        assert selectors.due_applications(now=utc_now() + timedelta(seconds=11)) == [application.pk]


# -- the tables -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("application_fee_budget_is_money", "fee_budget = 'NaN'"),
        ("application_fee_budget_is_money", "fee_budget = -1"),
        ("application_decided_by_whom_and_when", "state = 'approved'"),
        ("application_refused_with_a_reason", "state = 'refused', decided_at = now()"),
        ("application_withdrawn_says_when", "state = 'withdrawn'"),
        ("application_held_while_provisioning", "state = 'provisioning', decided_at = now()"),
        ("application_held_while_provisioning", "lease_until = now()"),
        ("application_error_of_a_failed_run", "error = 'x'"),
        ("application_provisioned_is_whole", "state = 'provisioned', decided_at = now()"),
    ],
)
def test_the_table_refuses_raw_writes(constraint: str, change: str) -> None:
    file_application()
    with (
        region_as("yz_region"),
        connections["default"].cursor() as cursor,
        pytest.raises(IntegrityError, match=constraint),
    ):
        cursor.execute(f"UPDATE onboarding_application SET {change}")


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("provisioning_step_times_fit_its_state", "'check', 'done', NULL, NULL"),
        ("provisioning_step_times_fit_its_state", "'check', 'waiting', now(), NULL"),
        ("provisioning_step_once", "'schema', 'waiting', NULL, NULL"),
    ],
)
def test_the_steps_refuse_raw_writes(constraint: str, values: str) -> None:
    application, _ = file_application()
    approve(application)
    with region_as("yz_region"), connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM onboarding_provisioningstep WHERE name <> 'schema'")
        with pytest.raises(IntegrityError, match=constraint):
            cursor.execute(
                "INSERT INTO onboarding_provisioningstep (application_id, position, name, state, started_at, "
                f"finished_at, note) SELECT id, 9, {values}, '' FROM onboarding_application"
            )


@pytest.mark.parametrize(("at", "action", "allowed"), list(APPLICATION_LIFECYCLE.product()))
def test_every_action_in_every_state(at: str, action: str, allowed: bool) -> None:
    """The services follow the table: what it does not allow is refused before anything is written."""
    if allowed or action in {"start", "fail", "finish", "adopt"}:
        return
    application, secret = file_application()
    values: dict[str, Any] = {"state": at}
    if at not in {S.APPLIED, S.WITHDRAWN}:
        values |= {"decided_at": utc_now(), "reason": "x"}
    if at == S.WITHDRAWN:
        values["withdrawn_at"] = utc_now()
    if at == S.PROVISIONING:
        values["lease_until"] = utc_now()
    if at == S.PROVISIONED:
        values |= {"provisioned_at": utc_now(), "organisation_id": 1, "invitation_key": "0" * 32}
    with region_as("yz_region"):
        Application.objects.filter(pk=application.pk).update(**values)
        link = {"number": application.number, "secret": secret, "now": utc_now()}
        staff = {"actor": OPERATOR, "application_id": application.pk, "now": utc_now()}
        call = {
            "amend": lambda: services.amend_application(content=content(), **link),
            "withdraw": lambda: services.withdraw_application(**link),
            "approve": lambda: services.approve_application(version=1, **staff),
            "refuse": lambda: services.refuse_application(version=1, reason="x", **staff),
            "retry": lambda: services.retry_provisioning(**staff),
        }[action]
        with pytest.raises(WrongState):
            call()
    assert state(application) == at
    assert events() == ["onboarding.applied"]
