"""Rules for tests: the shipped ones, and verified ones through the services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kernel.actor import Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.rulebook.entering import enter_parameters
from shared_apps.rulebook.models import RuleVersion
from shared_apps.rulebook.services import enter_version, load_shipped, verify_version
from tenants.database.context import region_as

REGION_STAFF = Actor(user_id=900_001, name="自治区财政", held=(HeldPost(Post.REGION_SUPERVISOR, 1),))

ANOTHER_OF_THE_REGION = Actor(user_id=900_003, name="自治区财政乙", held=(HeldPost(Post.REGION_SUPERVISOR, 1),))


def bureau_of(tenant: str, *, user_id: int = 900_002) -> Actor:
    """A finance bureau's supervisor in one tenant, without a row in accounts."""
    return Actor(user_id=user_id, name="财政监管", tenant=tenant, held=(HeldPost(Post.TIER_SUPERVISOR, 2),))


def shipped_rules() -> None:
    """Law texts, calendar and shipped rules, as every installation has them."""
    with region_as("yz_region"):
        load_shipped(now=utc_now())


def entered_threshold(
    *,
    code: str = "R-DECENTRALISED",
    level: str = "county",
    kind: str = "goods",
    amount: str = "300000.00",
    valid_from: date = date(2026, 1, 1),
    document_number: str = "新财购〔2026〕1号",
    actor: Actor = REGION_STAFF,
) -> RuleVersion:
    with region_as("yz_region"):
        return enter_version(
            actor=actor,
            code=code,
            level=level,
            kind=kind,
            amount=Decimal(amount),
            inclusive=False,
            valid_from=valid_from,
            document_number=document_number,
            document_on=date(2025, 12, 20),
            source_text="县级货物类项目分散采购限额标准（测试文本）",
            now=utc_now(),
        )


def verified_threshold(*, actor: Actor = REGION_STAFF, **scope: object) -> RuleVersion:
    row = entered_threshold(actor=actor, **scope)  # type: ignore[arg-type]
    with region_as("yz_region"):
        return verify_version(
            actor=ANOTHER_OF_THE_REGION, version_id=row.pk, document_number=row.document_number, now=utc_now()
        )


def entered_parameters(code: str, actor: Actor = REGION_STAFF, /, **said: Any) -> RuleVersion:
    """New values for the rule's latest version; `said` are its parameters, and what else the service takes."""
    others = {name: said.pop(name) for name in ("amount", "severity", "valid_from", "document_on") if name in said}
    with region_as("yz_region"):
        row = RuleVersion.objects.filter(code=code).order_by("-version", "pk").first()
        assert row is not None
        given = {"valid_from": date(2026, 1, 1), "document_on": date(2025, 12, 20), **others}
        return enter_parameters(
            actor=actor,
            version_id=row.pk,
            parameters={name: str(text) for name, text in said.items()},
            document_number="新财购〔2026〕9号",
            source_text="（测试文本）",
            now=utc_now(),
            **given,
        )
