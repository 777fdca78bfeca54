"""Agreements and evaluations: one call each of selectors and services."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.agencies import services
from shared_apps.agencies.agreement_serializers import (
    AgreementInput,
    AgreementQuery,
    AgreementSerializer,
    AgreementViewSerializer,
    AnswerInput,
    AppealDecisionInput,
    CompleteInput,
    EvaluationInput,
    EvaluationSerializer,
    ReasonInput,
    terms_of,
)
from shared_apps.agencies.permissions import MANAGERS, REGION
from shared_apps.agencies.selectors import agreements as selectors


@documented(summary="Agency agreements that the caller is a side of or supervises, newest first")
class Agreements(ReadView):
    access = Access("agencies.api_agreements", signed_in=True)
    query_serializer = AgreementQuery
    output_serializer = AgreementSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.agreements(actor=actor_of(request), **self.query(request))


@documented(summary="File the record of a signed agency agreement")
class FileAgreement(WriteView):
    access = Access("agencies.api_file_agreement", signed_in=True)
    input_serializer = AgreementInput
    output_serializer = AgreementSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.file_agreement(
            actor=actor_of(request), purchaser_id=data["purchaser_id"], uscc=data["uscc"], terms=terms_of(data),
            now=utc_now(),
        )  # fmt: skip


@documented(summary="One agreement with its evaluations, as far as they are the caller's")
class OneAgreement(ReadView):
    access = Access("agencies.api_agreement", signed_in=True)
    output_serializer = AgreementViewSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.agreement(actor=actor_of(request), agreement_id=path["agreement_id"])


@documented(summary="The agency has begun its work")
class StartAgreement(WriteView):
    access = Access("agencies.api_start_agreement", signed_in=True)
    output_serializer = AgreementSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.start_agreement(actor=actor_of(request), agreement_id=path["agreement_id"], now=utc_now())


@documented(summary="The work is done; suppliers that took part may evaluate for five working days")
class CompleteAgreement(WriteView):
    access = Access("agencies.api_complete_agreement", signed_in=True)
    input_serializer = CompleteInput
    output_serializer = AgreementSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.complete_agreement(
            actor=actor_of(request), agreement_id=path["agreement_id"], now=utc_now(), **data
        )


@documented(summary="End an agreement before its time, with the reason")
class EndAgreement(WriteView):
    access = Access("agencies.api_end_agreement", signed_in=True)
    input_serializer = ReasonInput
    output_serializer = AgreementSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.end_agreement(actor=actor_of(request), agreement_id=path["agreement_id"], now=utc_now(), **data)


@documented(summary="Evaluate the agency under this agreement, once, as purchaser or participating supplier")
class Evaluate(WriteView):
    access = Access("agencies.api_evaluate", signed_in=True)
    input_serializer = EvaluationInput
    output_serializer = EvaluationSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.evaluate(actor=actor_of(request), agreement_id=path["agreement_id"], now=utc_now(), **data)


@documented(summary="The agency's answer to an evaluation, once")
class AnswerEvaluation(WriteView):
    access = Access("agencies.api_answer_evaluation", posts=MANAGERS)
    input_serializer = AnswerInput
    output_serializer = EvaluationSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.answer_evaluation(
            actor=actor_of(request), evaluation_id=path["evaluation_id"], now=utc_now(), **data
        )


@documented(summary="Ask the region to set an evaluation aside")
class AppealEvaluation(WriteView):
    access = Access("agencies.api_appeal_evaluation", posts=MANAGERS)
    input_serializer = ReasonInput
    output_serializer = EvaluationSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.appeal_evaluation(
            actor=actor_of(request), evaluation_id=path["evaluation_id"], now=utc_now(), **data
        )


@documented(summary="Decide an appeal: keep the evaluation or set it aside")
class DecideAppeal(WriteView):
    access = Access("agencies.api_decide_appeal", posts=REGION)
    input_serializer = AppealDecisionInput
    output_serializer = EvaluationSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.decide_appeal(
            actor=actor_of(request), evaluation_id=path["evaluation_id"], keep=data["decision"] == "keep",
            reason=data["reason"], now=utc_now(),
        )  # fmt: skip
