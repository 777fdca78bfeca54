"""Two people register one company at the same moment, and two administrators remove each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from kernel.actor import ANONYMOUS, Actor, Belonging, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import Membership
from shared_apps.suppliers import services
from shared_apps.suppliers.models import SupplierApplication
from tenants.database.context import region_as
from tests.database import admin
from tests.factories.people import join, make_organisation, make_user
from tests.factories.suppliers import next_code

SWITCH = "supplier_application_one_open_per_code"


def together(*calls: Callable[[], object]) -> list[object]:
    """All at once, each on a connection of its own; what each answered or raised."""
    found: list[object] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number: int, call: Callable[[], object]) -> None:
        try:
            start.wait(10)
            with region_as("yz_region"):
                found[number] = call()
        except Exception as error:  # noqa: BLE001  # handed to the test
            found[number] = error
        finally:
            for connection in connections.all():
                connection.close_kept()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=run, args=(number, call)) for number, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def register(code: str, email: str) -> Callable[[], object]:
    return lambda: services.begin_registration(
        actor=ANONYMOUS, uscc=code, name="测试供应商", applicant_name="测试", email=email, address="", now=utc_now()
    )


@pytest.fixture
def without_the_constraint(room: None) -> Iterator[None]:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [SWITCH])
        definition = cursor.fetchone()[0]
        cursor.execute(f"DROP INDEX {SWITCH}")
    yield
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM suppliers_supplierapplication")
        cursor.execute(definition)


def test_one_of_two_registrations_of_a_code_wins(room: None) -> None:
    code = next_code()
    found = together(*(register(code, f"{number}@example.com") for number in range(4)))
    assert sorted(type(one).__name__ for one in found) == ["RegistrationOpen"] * 3 + ["tuple"]
    assert SupplierApplication.objects.filter(uscc=code).count() == 1


def test_without_the_constraint_both_would(without_the_constraint: None) -> None:
    """The twin: the service alone does not see the other's draft, so the constraint is what decides."""
    code = next_code()
    found = together(*(register(code, f"{number}@example.com") for number in range(2)))
    assert [type(one).__name__ for one in found] == ["tuple", "tuple"]
    assert SupplierApplication.objects.filter(uscc=code).count() == 2


def test_two_administrators_who_remove_each_other_leave_one(room: None) -> None:
    firm = make_organisation("supplier", None, "测试供应商")
    people = [make_user(name=f"管理员{number}") for number in range(2)]
    rows = [join(person, firm, [Post.SUPPLIER_ADMIN]) for person in people]
    place = Belonging(firm.pk, firm.name, "supplier", firm.code, None)
    actors = [
        Actor(user_id=one.pk, name=one.name, belongs=(place,), held=(HeldPost(Post.SUPPLIER_ADMIN, firm.pk),))
        for one in people
    ]

    def remove(actor: Actor, row: Membership) -> Callable[[], object]:
        return lambda: accounts.end_membership(actor=actor, membership_id=row.pk, now=utc_now())

    found = together(remove(actors[0], rows[1]), remove(actors[1], rows[0]))
    assert sorted(type(one).__name__ for one in found) == ["LastAdministrator", "Membership"]
    assert Membership.objects.filter(organisation=firm, ended_at=None).count() == 1
