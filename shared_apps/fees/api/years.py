"""Years, budgets, subscriptions and shares for programs: the same selectors and services as the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import fiscal_year, local_date, utc_now
from kernel.posts import Post
from shared_apps.fees.selectors.budgets import ShareRule, share_rule, share_rules
from shared_apps.fees.selectors.overview import Overview, overview
from shared_apps.fees.selectors.reach import READERS, readable_tenant
from shared_apps.fees.selectors.subscriptions import Subscription, subscription
from shared_apps.fees.selectors.tariffs import SETS_TARIFFS
from shared_apps.fees.selectors.years import BudgetSet, YearOfMall, budget_set, year_of_mall
from shared_apps.fees.serializers.budgets import (
    BudgetInput,
    BudgetSetSerializer,
    OverviewQuery,
    OverviewSerializer,
    ShareRuleInput,
    ShareRuleSerializer,
    SubscriptionSerializer,
    WithdrawShareRuleInput,
    YearOfMallSerializer,
    YearQuery,
)
from shared_apps.fees.services.budgets import set_budget
from shared_apps.fees.services.shares import enter_share_rule, withdraw_share_rule


def _year(wanted: dict[str, Any]) -> int:
    return int(wanted.get("year") or fiscal_year(local_date(utc_now())))


@documented(summary="Fees of a year of all malls, by supervisor")
class OverviewView(ReadView):
    access = Access("fees.api_overview", posts=READERS)
    query_serializer = OverviewQuery
    output_serializer = OverviewSerializer

    def read(self, request: Request, **path: Any) -> Overview:
        wanted = self.query(request)
        return overview(actor=actor_of(request), now=utc_now(), **{**wanted, "year": _year(wanted)})


@documented(summary="Fees of a year of one mall, month by month, against its budget", problems=(404,))
class MallYearView(ReadView):
    access = Access("fees.api_mall", posts=READERS)
    query_serializer = YearQuery
    output_serializer = YearOfMallSerializer

    def read(self, request: Request, **path: Any) -> YearOfMall:
        year = _year(self.query(request))
        return year_of_mall(actor=actor_of(request), tenant_code=str(path["tenant"]), year=year, now=utc_now())


@documented(summary="Set the fee budget of one's mall, or change it with a reason", problems=(404, 409))
class SetBudgetView(WriteView):
    access = Access("fees.api_set_budget", posts=frozenset({Post.TIER_SUPERVISOR}))
    input_serializer = BudgetInput
    output_serializer = BudgetSetSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> BudgetSet:
        return budget_set(set_budget(actor=actor_of(request), tenant_code=str(path["tenant"]), now=utc_now(), **data))


@documented(summary="What a mall had switched on in a year, and by which tariff it is charged", problems=(404,))
class SubscriptionView(ReadView):
    access = Access("fees.api_subscription", posts=READERS)
    query_serializer = YearQuery
    output_serializer = SubscriptionSerializer

    def read(self, request: Request, **path: Any) -> Subscription:
        year = _year(self.query(request))
        return subscription(actor=actor_of(request), tenant_code=str(path["tenant"]), year=year, now=utc_now())


@documented(summary="The rules of who bears a mall's fees", problems=(404,))
class SharesView(ReadView):
    access = Access("fees.api_shares", posts=READERS)
    output_serializer = ShareRuleSerializer
    many = True

    def read(self, request: Request, **path: Any) -> list[ShareRule]:
        readable_tenant(actor_of(request), str(path["tenant"]))
        return share_rules(tenant_codes=[str(path["tenant"])])


@documented(summary="Enter a rule of who bears a mall's fees, as a document says it", problems=(404, 409))
class EnterSharesView(WriteView):
    access = Access("fees.api_enter_shares", posts=SETS_TARIFFS)
    input_serializer = ShareRuleInput
    output_serializer = ShareRuleSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> ShareRule:
        row = enter_share_rule(actor=actor_of(request), tenant_code=str(path["tenant"]), now=utc_now(), **data)
        return share_rule(rule_id=row.pk)


@documented(summary="Take back a rule of shares whose first month is not over", problems=(404, 409))
class WithdrawSharesView(WriteView):
    access = Access("fees.api_withdraw_shares", posts=SETS_TARIFFS)
    input_serializer = WithdrawShareRuleInput
    output_serializer = ShareRuleSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> ShareRule:
        withdraw_share_rule(actor=actor_of(request), rule_id=path["rule_id"], now=utc_now(), **data)
        return share_rule(rule_id=path["rule_id"])
