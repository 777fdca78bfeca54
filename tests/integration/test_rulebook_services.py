"""Rule versions in a real database: verified goes before shipped, and versions follow each other."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from kernel.actor import Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.rulebook import services
from shared_apps.rulebook.models import CalendarDay, LawArticle, RuleVersion
from shared_apps.rulebook.parameters import SETTABLE, as_texts, parsed
from shared_apps.rulebook.rules import THRESHOLDS
from shared_apps.rulebook.selectors import calendar, law_texts, rule_set
from tenants.database.context import region_as
from tests.factories.rules import (
    ANOTHER_OF_THE_REGION,
    REGION_STAFF,
    bureau_of,
    entered_parameters,
    entered_threshold,
    shipped_rules,
    verified_threshold,
)

TODAY = date(2026, 11, 23)


def _goods(on: date = TODAY, level: str = "county"):
    return rule_set(level=level, on=on).get("R-DECENTRALISED", "goods")


def test_shipped_thresholds_are_demonstration_values_of_three_tiers() -> None:
    shipped_rules()
    rows = RuleVersion.objects.filter(code__in=("R-DECENTRALISED", "R-OPEN-TENDER"))
    assert rows.count() == 18
    assert not rows.exclude(is_demo=True, state="shipped").exists()
    assert _goods().is_demo
    assert not _goods().verified
    assert [_goods(level=level).amount for level in ("province", "prefecture", "county")] == [
        Decimal("500000.00"),
        Decimal("300000.00"),
        Decimal("300000.00"),
    ]


def test_loading_twice_changes_and_journals_nothing() -> None:
    shipped_rules()
    counts = RuleVersion.objects.count(), CalendarDay.objects.count(), LawArticle.objects.count()
    rows = RegionJournalEntry.objects.count()
    shipped_rules()
    assert (RuleVersion.objects.count(), CalendarDay.objects.count(), LawArticle.objects.count()) == counts
    assert RegionJournalEntry.objects.count() == rows
    assert counts[1] == 2922
    assert calendar().years == frozenset(range(2019, 2027))
    assert "省、自治区、直辖市" in law_texts()["gpl:8"].text


def test_every_article_a_shipped_rule_names_is_there() -> None:
    shipped_rules()
    named = {key for articles in RuleVersion.objects.values_list("articles", flat=True) for key in articles}
    assert named <= set(law_texts())


def test_an_entered_version_decides_nothing_until_it_is_verified() -> None:
    shipped_rules()
    row = entered_threshold(amount="400000.00")
    assert _goods().amount == Decimal("300000.00")
    with region_as("yz_region"), pytest.raises(services.VerifiedByAnother):
        services.verify_version(
            actor=REGION_STAFF, version_id=row.pk, document_number=row.document_number, now=utc_now()
        )
    verified_by_another(row)
    assert (_goods().amount, _goods().verified, _goods().is_demo) == (Decimal("400000.00"), True, False)
    assert _goods(date(2025, 12, 31)).is_demo
    assert list(RegionJournalEntry.objects.order_by("id").values_list("event", flat=True))[-2:] == [
        "rulebook.version_entered",
        "rulebook.version_verified",
    ]


def test_the_next_version_ends_the_one_before() -> None:
    shipped_rules()
    first = verified_threshold(valid_from=date(2026, 1, 1))
    second = verified_threshold(valid_from=date(2026, 7, 1), amount="350000.00", document_number="新财购〔2026〕2号")
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to, second.version) == (date(2026, 7, 1), None, first.version + 1)
    assert _goods(date(2026, 6, 30)).version == first.version
    assert _goods(date(2026, 7, 1)).version == second.version
    third = entered_threshold(valid_from=date(2026, 7, 1))
    with pytest.raises(services.VersionOverlaps):
        services.verify_version(
            actor=ANOTHER_OF_THE_REGION, version_id=third.pk, document_number=third.document_number, now=utc_now()
        )
    third.refresh_from_db()
    assert third.state == "entered"


def test_verification_needs_the_number_from_the_paper() -> None:
    shipped_rules()
    row = entered_threshold()
    with pytest.raises(services.DocumentMismatch):
        services.verify_version(
            actor=ANOTHER_OF_THE_REGION, version_id=row.pk, document_number="新财购〔2026〕9号", now=utc_now()
        )


def test_what_ships_is_never_verified_or_withdrawn() -> None:
    shipped_rules()
    row = RuleVersion.objects.filter(is_demo=True).first()
    for act in (
        lambda: services.verify_version(actor=REGION_STAFF, version_id=row.pk, document_number="", now=utc_now()),
        lambda: services.withdraw_version(actor=REGION_STAFF, version_id=row.pk, reason="误", now=utc_now()),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_withdrawn_version_stays_on_record() -> None:
    shipped_rules()
    row = entered_threshold()
    services.withdraw_version(actor=REGION_STAFF, version_id=row.pk, reason="金额录错", now=utc_now())
    row.refresh_from_db()
    assert row.state == "withdrawn"
    with pytest.raises(WrongState):
        services.verify_version(
            actor=REGION_STAFF, version_id=row.pk, document_number=row.document_number, now=utc_now()
        )


@pytest.mark.parametrize(
    "actor",
    [
        bureau_of("990001"),
        Actor(user_id=1, name="x", held=(HeldPost(Post.AUDITOR, 1),)),
        Actor(user_id=1, name="x", held=(HeldPost(Post.PLATFORM_OPERATOR, 1),)),
        Actor(user_id=1, name="x", tenant="990001", held=(HeldPost(Post.REGION_SUPERVISOR, 1),)),
    ],
)
def test_only_region_staff_on_the_regions_host_write(actor: Actor) -> None:
    shipped_rules()
    before = RuleVersion.objects.count()
    with pytest.raises(NotPermitted):
        entered_threshold(actor=actor)
    assert RuleVersion.objects.count() == before


def test_input_is_refused_field_by_field() -> None:
    shipped_rules()
    with pytest.raises(InvalidInput) as refused:
        services.enter_version(
            actor=REGION_STAFF,
            code="R-PLAN",
            level="town",
            kind="things",
            amount=Decimal("0.00"),
            inclusive=False,
            valid_from=TODAY,
            document_number=" ",
            document_on=utc_now().date() + timedelta(days=2),
            source_text="",
            now=utc_now(),
        )
    assert set(refused.value.errors) == {
        "code",
        "level",
        "kind",
        "amount",
        "document_on",
        "document_number",
        "source_text",
    }
    with pytest.raises(NotFound):
        services.verify_version(actor=REGION_STAFF, version_id=2**62, document_number="x", now=utc_now())


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("rule_version_demo_is_never_verified", "state = 'verified', verified_at = now(), verified_by_id = 1"),
        ("rule_version_ends_after_it_begins", "valid_to = valid_from"),
        ("rule_version_amount_is_money", "amount = 'NaN'"),
        ("rule_version_threshold_has_an_amount", "amount = NULL"),
        ("rule_version_threshold_has_an_amount", "amount = 0"),
    ],
)
def test_the_table_refuses_raw_writes(constraint: str, change: str) -> None:
    shipped_rules()
    with connections["default"].cursor() as cursor, pytest.raises(IntegrityError, match=constraint):
        cursor.execute(f"UPDATE rulebook_ruleversion SET {change} WHERE is_demo AND code = 'R-DECENTRALISED'")


def test_a_second_open_version_of_a_scope_is_refused_by_the_table() -> None:
    shipped_rules()
    row = verified_threshold()
    row.pk, row.version = None, 99
    with pytest.raises(IntegrityError, match="rule_version_one_open_verified"):
        row.save()


def test_a_tenant_reads_rules_and_writes_none() -> None:
    shipped_rules()
    with region_as("yz_mall"):
        assert _goods().amount == Decimal("300000.00")
        for statement in (
            "UPDATE rulebook_ruleversion SET amount = 1",
            "DELETE FROM rulebook_calendarday",
            "UPDATE rulebook_lawarticle SET text = ''",
        ):
            with connections["default"].cursor() as cursor, pytest.raises(ProgrammingError):
                cursor.execute(statement)


# -- parameters --------------------------------------------------------------------------------------------------------
def verified_by_another(row: RuleVersion) -> None:
    with region_as("yz_region"):
        services.verify_version(
            actor=ANOTHER_OF_THE_REGION, version_id=row.pk, document_number=row.document_number, now=utc_now()
        )


def test_new_values_hold_from_their_day_once_somebody_else_has_verified_them() -> None:
    shipped_rules()
    row = entered_parameters("R-ACCEPT", working_days=3, valid_from=date(2026, 6, 1))
    assert rule_set(level="county", on=TODAY).accept_working_days == 2
    with region_as("yz_region"), pytest.raises(services.VerifiedByAnother):
        services.verify_version(
            actor=REGION_STAFF, version_id=row.pk, document_number=row.document_number, now=utc_now()
        )
    verified_by_another(row)
    assert rule_set(level="county", on=TODAY).accept_working_days == 3
    assert rule_set(level="county", on=date(2026, 5, 31)).accept_working_days == 2
    rule = rule_set(level="county", on=TODAY).get("R-ACCEPT")
    assert rule is not None
    assert (rule.basis, rule.verified, rule.document_number) == ("document", True, "新财购〔2026〕9号")
    entry = RegionJournalEntry.objects.get(event="rulebook.parameters_entered")
    assert entry.facts["parameters"] == {"working_days": 3}
    # No mall is asked to acknowledge it: that is for thresholds.
    assert not RegionJournalEntry.objects.filter(event="rulebook.version_verified").exists()
    related = entered_parameters("R-RELATED", severity="block")
    verified_by_another(related)
    rule = rule_set(level="county", on=TODAY).get("R-RELATED")
    assert rule is not None
    assert (rule.severity, rule.basis) == ("block", "statute")


@pytest.mark.parametrize(
    ("code", "said", "fault"),
    [
        ("R-ACCEPT", {"working_days": "0"}, "working_days"),
        ("R-ACCEPT", {"working_days": "３"}, "working_days"),
        ("R-ACCEPT", {}, "working_days"),
        ("R-ACCEPT", {"working_days": 3, "days": 1}, "days"),
        ("R-ACCEPT", {"working_days": 3, "amount": Decimal("1.00")}, "amount"),
        ("R-PAYMENT", {"days": 31}, "days"),
        ("R-MODULE", {"kinds": "goods ships"}, "kinds"),
        ("R-GREEN", {"items": "A02 x"}, "items"),
        ("R-GREEN", {"items": "A02", "severity": "info"}, "severity"),
        ("R-SME-RESERVE", {"inclusive": "true"}, "amount"),
        ("R-ACCEPT", {"working_days": 3, "document_on": date(2199, 1, 1)}, "document_on"),
    ],
)
def test_values_outside_their_bounds_are_refused(code: str, said: dict, fault: str) -> None:
    shipped_rules()
    with pytest.raises(InvalidInput) as refused:
        entered_parameters(code, **said)
    assert list(refused.value.errors) == [fault]
    assert not RuleVersion.objects.exclude(state="shipped").exists()


def test_what_every_shipped_rule_says_can_be_entered_again() -> None:
    shipped_rules()
    for row in RuleVersion.objects.filter(code__in=list(SETTABLE)):
        values, wrong = parsed(row.code, as_texts(row.code, row.parameters))
        assert (values, wrong) == (row.parameters, {}), row.code
    rest = RuleVersion.objects.exclude(code__in=[*SETTABLE, *THRESHOLDS])
    assert not any(row.parameters for row in rest)
    with pytest.raises(NotFound):
        entered_parameters("R-PLAN")
