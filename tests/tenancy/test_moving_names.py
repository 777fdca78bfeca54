"""Names that move: the tenant keeps code, schema and login; pages, API and hand-off follow the new host."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, connections
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput
from shared_apps.accounts.services import hand_off
from shared_apps.fleet import services
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database import context
from tenants.database.context import region_as, tenant_selected
from tenants.divisions.models import Division, Supervision
from tenants.divisions.selectors import supervised_codes
from tenants.divisions.services import DivisionTaken, SupervisionCircle, SupervisionNotLater, load_divisions
from tenants.provisioning.services import missing_tenants
from tenants.registry.models import Domain, Tenant
from tenants.registry.services import DivisionHasMall, HostTaken
from tests.factories.cast import Cast, build_cast
from tests.factories.people import actor_of, sign_in

A, B = "990001", "990002"
DOCUMENT = "新政函〔2019〕1号（测试）"


@pytest.fixture
def cast() -> Cast:
    return build_cast(A)


def recode(new: str = "990101", name: str = "测试甲市", **changes: object) -> list[str]:
    wanted = {
        "old": A,
        "new": new,
        "name": name,
        "valid_from": date(2026, 2, 1),
        "document_number": DOCUMENT,
        **changes,
    }
    return services.recode_division(actor=SYSTEM, now=utc_now(), **wanted)  # type: ignore[arg-type]


def test_a_county_becomes_a_city_and_keeps_its_tenant(cast: Cast) -> None:
    assert recode() == [A]
    old, new = Division.objects.get(code=A), Division.objects.get(code="990101")
    assert (old.valid_to, old.successor, old.name) == (date(2026, 2, 1), new, "测试甲县")
    assert (new.valid_from, new.valid_to, new.name, new.level, new.parent_id) == (
        date(2026, 2, 1), None, "测试甲市", old.level, old.parent_id,
    )  # fmt: skip
    tenant = Tenant.objects.get(code=A)
    assert (tenant.schema_name, tenant.division_code, tenant.name) == (f"t{A}", "990101", "测试甲市")
    assert dict(Domain.objects.filter(tenant=tenant).values_list("domain", "is_primary")) == {
        f"{A}.localhost": False, "990101.localhost": True,
    }  # fmt: skip
    row = RegionJournalEntry.objects.get(event="fleet.division_recoded")
    assert (row.object_type, row.object_id, row.facts["tenants"]) == ("division", "990101", [A])
    assert row.facts["hosts"] == ["990101.localhost"]
    # Who supervises whom goes by the tenants' codes and has not changed.
    assert A in supervised_codes(supervisor_code="650000")
    Division.objects.filter(code="990101").update(is_default_tenant=True)
    assert not {A, "990101"} & set(missing_tenants())
    # Loading the data file again leaves what a document changed.
    load_divisions(today=local_date(utc_now()))
    assert Division.objects.get(code=A).valid_to == date(2026, 2, 1)


def test_kuche_of_2019_has_its_new_code_in_the_data_file_already() -> None:
    """库车县 652923 became 库车市 652902 in 2019: the data file knows the code of today only."""
    old = Division.objects.create(code="652923", name="库车县", level="county", parent_id="652900")
    services.recode_division(
        actor=SYSTEM, old=old.code, new="652902", name="库车市", valid_from=date(2019, 12, 20),
        document_number="民函〔2019〕（测试）", now=utc_now(),
    )  # fmt: skip
    old.refresh_from_db()
    assert (old.successor_id, old.valid_to) == ("652902", date(2019, 12, 20))
    assert Division.objects.get(code="652902").valid_from == date(2019, 12, 20)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"new": "652902"}, DivisionTaken),
        ({"new": B}, DivisionHasMall),
        ({"new": A}, InvalidInput),
        ({"valid_from": date(2199, 1, 1)}, InvalidInput),
    ],
)
def test_a_wrong_code_changes_nothing(changes: dict[str, object], refusal: type[Exception]) -> None:
    before = list(Division.objects.order_by("code").values_list("code", "name", "valid_to"))
    with pytest.raises(refusal):
        recode(**changes)  # type: ignore[arg-type]
    assert list(Division.objects.order_by("code").values_list("code", "name", "valid_to")) == before
    assert Tenant.objects.get(code=A).division_code == A
    assert not RegionJournalEntry.objects.filter(event="fleet.division_recoded").exists()


def test_the_old_host_redirects_with_path_and_query_and_sets_no_cookie(cast: Cast) -> None:
    services.move_host(actor=SYSTEM, code=A, host="jiashi", now=utc_now())
    old = Client(HTTP_HOST=f"{A}.localhost:8123")
    answer = old.get("/products/?q=%E7%BA%B8&page=2")
    assert answer.status_code == 301
    assert answer["Location"] == "http://jiashi.localhost:8123/products/?q=%E7%BA%B8&page=2"
    assert answer["Cache-Control"] == "no-store"
    assert old.post("/cart/quantity/?x=1", {"a": "1"})["Location"] == "http://jiashi.localhost:8123/cart/quantity/?x=1"
    assert old.post("/cart/quantity/", {"a": "1"}).status_code == 308
    assert old.get("/api/v1/products/?q=x").status_code == 301
    assert not answer.cookies
    assert Client(HTTP_HOST="jiashi.localhost").get("/").status_code == 200


def test_the_hand_off_follows_and_the_session_s_cookie_stays_with_its_host(cast: Cast) -> None:
    user = cast.people[Post.TIER_SUPERVISOR]
    client = sign_in(Client(), user, A)
    assert client.get("/api/v1/me/").status_code == 200
    services.move_host(actor=SYSTEM, code=A, host="jiashi", now=utc_now())
    url = hand_off(actor=actor_of(user), tenant_code=A, next_path="/bureau/", now=utc_now())
    assert urlsplit(url).hostname == "jiashi.localhost"
    assert client.cookies["yz_mall"]["domain"] == ""  # a browser sends it back to the host that set it only
    anew = Client()
    anew = sign_in(anew, user, A)
    assert anew.defaults["HTTP_HOST"] == "jiashi.localhost"
    assert anew.get("/bureau/").status_code == 200
    assert anew.get("/api/v1/me/").json()


def test_a_host_comes_back_and_no_process_remembers_it_for_long(cast: Cast) -> None:
    services.move_host(actor=SYSTEM, code=A, host="jiashi", now=utc_now())
    assert Client(HTTP_HOST="jiashi.localhost").get("/").status_code == 200
    kept = dict(context._hosts)
    assert kept["jiashi.localhost"][1:] == (A, "jiashi.localhost")
    services.move_host(actor=SYSTEM, code=A, host=A, now=utc_now())
    assert context._hosts == {}
    assert Client(HTTP_HOST=f"{A}.localhost").get("/").status_code == 200
    assert Client(HTTP_HOST="jiashi.localhost").get("/").status_code == 301
    assert Domain.objects.filter(tenant__code=A).count() == 2
    # Another process forgets within two seconds.
    assert context._REF_SECONDS <= 2


@pytest.mark.parametrize("host", ["a.b", "-a", "a-", "A", "甲", "", "x" * 64, "a_b", "localhost/", "a b"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(InvalidInput):
        services.move_host(actor=SYSTEM, code=A, host=host, now=utc_now())


def test_a_host_belongs_to_one_mall() -> None:
    with pytest.raises(HostTaken):
        services.move_host(actor=SYSTEM, code=A, host=B, now=utc_now())
    assert Client(HTTP_HOST=f"{B}.localhost").get("/").status_code == 200


def test_a_renamed_mall_keeps_code_schema_and_login(cast: Cast) -> None:
    services.rename_tenant(actor=SYSTEM, code=A, name="测试新名县", document_number=DOCUMENT, now=utc_now())
    tenant = Tenant.objects.get(code=A)
    assert (tenant.name, tenant.schema_name, tenant.division_code) == ("测试新名县", f"t{A}", A)
    with tenant_selected(A), connections["tenant"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        assert cursor.fetchone() == (f"t{A}", f"t{A}")
    assert "测试新名县" in Client(HTTP_HOST=f"{A}.localhost").get("/").content.decode()
    with pytest.raises(InvalidInput):
        services.rename_tenant(actor=SYSTEM, code=A, name="测试新名县", document_number=DOCUMENT, now=utc_now())


def answer_to(tenant: str, supervisor: str, day: date = date(2026, 3, 1)) -> None:
    services.set_supervisor(
        actor=SYSTEM, tenant_code=tenant, supervisor_code=supervisor, valid_from=day, document_number=DOCUMENT,
        now=utc_now(),
    )  # fmt: skip


def test_a_mall_answers_to_another_from_a_day_on(cast: Cast) -> None:
    answer_to(A, B)
    edges = Supervision.objects.filter(tenant_code=A).order_by("valid_from")
    assert list(edges.values_list("supervisor_code", "valid_from", "valid_to", "document_number")) == [
        ("650000", date(2026, 1, 1), date(2026, 3, 1), ""),
        (B, date(2026, 3, 1), None, DOCUMENT),
    ]
    assert supervised_codes(supervisor_code=B) == {A, B}
    assert A in supervised_codes(supervisor_code="650000")  # through B
    row = RegionJournalEntry.objects.get(event="fleet.supervisor_set")
    assert (row.object_id, row.facts["before"], row.facts["after"]) == (A, "650000", B)
    with pytest.raises(SupervisionNotLater):
        answer_to(A, "650000" if Tenant.objects.filter(code="650000").exists() else B)


def test_there_are_no_circles_in_the_tree() -> None:
    answer_to(A, B)
    with pytest.raises(SupervisionCircle):
        answer_to(B, A)
    with pytest.raises(InvalidInput):
        answer_to(A, A)
    with pytest.raises(InvalidInput):
        answer_to(A, B, date(2199, 1, 1))
    with pytest.raises(IntegrityError), region_as("yz_region"):
        Supervision.objects.create(tenant_code=A, supervisor_code="650100", valid_from=date(2026, 5, 1))
