"""Statements for programs: the same selectors as the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import local_date, utc_now
from kernel.problems import NotFound
from shared_apps.fees import selectors, services
from shared_apps.fees.selectors import READERS, SETS_TARIFFS, Statement, TariffRow
from shared_apps.fees.serializers import (
    MonthListSerializer,
    MonthQuery,
    StatementSerializer,
    TariffInput,
    TariffRowSerializer,
    VerifyTariffInput,
    WithdrawTariffInput,
    month_in_path,
)


@documented(summary="Uses and fees of a month, by mall")
class MonthsView(ReadView):
    access = Access("fees.month_list", posts=READERS)
    query_serializer = MonthQuery
    output_serializer = MonthListSerializer

    def read(self, request: Request, **path: Any) -> dict[str, Any]:
        month = self.query(request).get("month") or local_date(utc_now()).replace(day=1)
        tariff, rows = selectors.month_of_all(actor=actor_of(request), month=month)
        return {"month": month, "tariff": tariff, "tenants": rows}


@documented(summary="The fee statement of one mall and month, with the events it sums")
class StatementView(ReadView):
    access = Access("fees.read_statement", posts=READERS)
    output_serializer = StatementSerializer

    def read(self, request: Request, **path: Any) -> Statement:
        month = month_in_path(str(path["month"]))
        now = utc_now()
        if month > local_date(now):
            raise NotFound
        return selectors.statement(
            actor=actor_of(request), tenant_code=str(path["tenant"]), month=month, now=now, events_max=1000
        )


@documented(summary="Every version of the tariff")
class TariffsView(ReadView):
    access = Access("fees.api_tariffs", posts=READERS)
    output_serializer = TariffRowSerializer
    many = True

    def read(self, request: Request, **path: Any) -> list[TariffRow]:
        return selectors.tariffs(actor=actor_of(request))


@documented(summary="One version of the tariff")
class TariffView(ReadView):
    access = Access("fees.api_tariff", posts=READERS)
    output_serializer = TariffRowSerializer

    def read(self, request: Request, **path: Any) -> TariffRow:
        return selectors.tariff(actor=actor_of(request), version=path["version"])


@documented(summary="Enter a tariff as the region's document states it")
class EnterTariffView(WriteView):
    access = Access("fees.api_enter_tariff", posts=SETS_TARIFFS)
    input_serializer = TariffInput
    output_serializer = TariffRowSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> TariffRow:
        row = services.enter_tariff(actor=actor_of(request), now=utc_now(), **data)
        return selectors.tariff(actor=actor_of(request), version=row.version)


@documented(summary="Verify an entered tariff against its document", problems=(404,))
class VerifyTariffView(WriteView):
    access = Access("fees.api_verify_tariff", posts=SETS_TARIFFS)
    input_serializer = VerifyTariffInput
    output_serializer = TariffRowSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> TariffRow:
        services.verify_tariff(actor=actor_of(request), version=path["version"], now=utc_now(), **data)
        return selectors.tariff(actor=actor_of(request), version=path["version"])


@documented(summary="Take back an entered tariff", problems=(404,))
class WithdrawTariffView(WriteView):
    access = Access("fees.api_withdraw_tariff", posts=SETS_TARIFFS)
    input_serializer = WithdrawTariffInput
    output_serializer = TariffRowSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> TariffRow:
        services.withdraw_tariff(actor=actor_of(request), version=path["version"], now=utc_now(), **data)
        return selectors.tariff(actor=actor_of(request), version=path["version"])
