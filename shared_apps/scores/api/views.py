"""Scores for programs: the same selectors and services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.scores import selectors, services
from shared_apps.scores.rules import DECIDERS, READERS, SUPPLIER_POSTS
from shared_apps.scores.serializers import (
    AppealListInput,
    AppealSerializer,
    DecideAppealInput,
    FileAppealInput,
    FormulaInput,
    FormulaSerializer,
    OwnScoreInput,
    OwnScoreSerializer,
    ScoreListInput,
    ScoreListSerializer,
    ScoreSerializer,
    VerifyFormulaInput,
    WithdrawFormulaInput,
)


@documented(summary="Scores of all suppliers with counted orders")
class Scores(ReadView):
    access = Access("scores.api_scores", posts=READERS)
    query_serializer = ScoreListInput
    output_serializer = ScoreListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        found, total = selectors.scores(
            text=given["q"], sort=given["sort"], scored=given["scored"] == "yes", page=given["page"]
        )
        return {"scores": found, "total": total}


@documented(summary="One supplier's score with what it is made of")
class OneScore(ReadView):
    access = Access("scores.api_score", public=True)
    output_serializer = ScoreSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.public_score(supplier_id=path["supplier_id"], now=utc_now())


@documented(summary="The own score with the orders it counts")
class OwnScore(ReadView):
    access = Access("scores.api_own", posts=SUPPLIER_POSTS)
    query_serializer = OwnScoreInput
    output_serializer = OwnScoreSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given, now = self.query(request), utc_now()
        supplier = selectors.own_supplier(actor=actor_of(request), supplier_id=given.get("supplier_id"))
        orders, more = selectors.counted_orders(
            supplier_id=supplier.id, now=now, part=given["part"], page=given["page"]
        )
        return {"score": selectors.score_of(supplier_id=supplier.id, now=now), "orders": orders, "more": more}


@documented(summary="Appeals against counted orders, those that wait first")
class Appeals(ReadView):
    access = Access("scores.api_appeals", posts=DECIDERS)
    query_serializer = AppealListInput
    output_serializer = AppealSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return selectors.appeals(actor=actor_of(request), state=given["state"], page=given["page"])


@documented(summary="One appeal")
class OneAppeal(ReadView):
    access = Access("scores.api_appeal", posts=DECIDERS)
    output_serializer = AppealSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.appeal(actor=actor_of(request), appeal_id=path["appeal_id"], now=utc_now())


@documented(summary="One of the own appeals")
class OwnAppeal(ReadView):
    access = Access("scores.api_own_appeal", posts=SUPPLIER_POSTS)
    output_serializer = AppealSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.appeal(actor=actor_of(request), appeal_id=path["appeal_id"], now=utc_now())


@documented(
    summary="Appeal against a counted order",
    description="A paper is sent along on the page only.",
    problems=(404,),
)
class FileAppeal(WriteView):
    access = Access("scores.api_file_appeal", posts=SUPPLIER_POSTS)
    input_serializer = FileAppealInput
    output_serializer = AppealSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor, now = actor_of(request), utc_now()
        appeal = services.file_appeal(actor=actor, outcome_id=path["outcome_id"], now=now, **data)
        return selectors.appeal(actor=actor, appeal_id=appeal.pk, now=now)


@documented(summary="Take an own appeal back", problems=(404,))
class WithdrawAppeal(WriteView):
    access = Access("scores.api_withdraw_appeal", posts=SUPPLIER_POSTS)
    output_serializer = AppealSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor, now = actor_of(request), utc_now()
        services.withdraw_appeal(actor=actor, appeal_id=path["appeal_id"], now=now)
        return selectors.appeal(actor=actor, appeal_id=path["appeal_id"], now=now)


class _Decide(WriteView):
    input_serializer = DecideAppealInput
    output_serializer = AppealSerializer
    action: ClassVar[str]

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor, now = actor_of(request), utc_now()
        services.decide_appeal(actor=actor, appeal_id=path["appeal_id"], action=self.action, now=now, **data)
        return selectors.appeal(actor=actor, appeal_id=path["appeal_id"], now=now)


@documented(summary="Accept an appeal: the order is left out", problems=(404,))
class Accept(_Decide):
    access = Access("scores.api_accept", posts=DECIDERS)
    action = "accept"


@documented(summary="Dismiss an appeal: the order counts on", problems=(404,))
class Dismiss(_Decide):
    access = Access("scores.api_dismiss", posts=DECIDERS)
    action = "dismiss"


@documented(summary="Every version of the formula; 0 is the proposal that ships")
class Formulas(ReadView):
    access = Access("scores.api_formulas", posts=READERS)
    output_serializer = FormulaSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.formulas()


@documented(summary="One version of the formula")
class OneFormula(ReadView):
    access = Access("scores.api_formula", posts=READERS)
    output_serializer = FormulaSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.formula(version=path["version"])


@documented(summary="Enter a formula as the region's document states it")
class EnterFormula(WriteView):
    access = Access("scores.api_enter_formula", posts=DECIDERS)
    input_serializer = FormulaInput
    output_serializer = FormulaSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row = services.enter_formula(actor=actor_of(request), now=utc_now(), **data)
        return selectors.formula(version=row.version)


@documented(summary="Verify an entered formula against its document", problems=(404,))
class VerifyFormula(WriteView):
    access = Access("scores.api_verify_formula", posts=DECIDERS)
    input_serializer = VerifyFormulaInput
    output_serializer = FormulaSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        services.verify_formula(actor=actor_of(request), version=path["version"], now=utc_now(), **data)
        return selectors.formula(version=path["version"])


@documented(summary="Take back an entered formula", problems=(404,))
class WithdrawFormula(WriteView):
    access = Access("scores.api_withdraw_formula", posts=DECIDERS)
    input_serializer = WithdrawFormulaInput
    output_serializer = FormulaSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        services.withdraw_formula(actor=actor_of(request), version=path["version"], now=utc_now(), **data)
        return selectors.formula(version=path["version"])
