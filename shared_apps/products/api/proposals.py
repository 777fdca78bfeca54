"""API of proposals and reviews, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import local_date, utc_now
from shared_apps.products import proposals
from shared_apps.products.inputs import (
    DUPLICATE,
    AmendInput,
    CertificateInput,
    MergeInput,
    MergeNameInput,
    OwnQuery,
    ProposalDecideInput,
    ProposeInput,
    ReviewQuery,
    content_of,
    draft_of,
)
from shared_apps.products.permissions import LIBRARIANS, REVIEW_READERS, REVIEWERS, SUPPLIER_POSTS
from shared_apps.products.services.merging import merge_product
from shared_apps.products.services.merging_names import merge_name
from shared_apps.products.services.proposing import (
    amend_product,
    propose_certificate,
    propose_product,
    withdraw_product,
)
from shared_apps.products.services.reviewing import decide, name_of


class ProposalRowOutput(serializers.Serializer[Any]):
    subject = serializers.CharField()
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField()
    supplier = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    is_demo = serializers.BooleanField()


class ProductStateOutput(serializers.Serializer[Any]):
    """Where a product of the library stands."""

    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()


class DecidedOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    name = serializers.SerializerMethodField()
    state = serializers.CharField()
    version = serializers.IntegerField()

    def get_name(self, thing: Any) -> str:
        return name_of(thing)


class ProposalStepOutput(serializers.Serializer[Any]):
    action = serializers.CharField()
    at = serializers.DateTimeField()
    by_name = serializers.CharField()
    organisation_name = serializers.CharField()
    reason = serializers.CharField()


class CertificateOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    # Fields that leave the class body: no property is hidden.
    label = serializers.CharField()  # type: ignore[assignment]
    number = serializers.CharField()
    body = serializers.CharField()
    valid_from = serializers.DateField()
    expires_on = serializers.DateField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    is_valid = serializers.BooleanField()  # type: ignore[assignment]
    is_demo = serializers.BooleanField()


class SuggestionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    model = serializers.CharField()
    state = serializers.CharField()
    why = serializers.CharField()


class ProposalReviewOutput(serializers.Serializer[Any]):
    """One proposal with what a decision needs; `actions` may be taken by the caller now."""

    subject = serializers.CharField()
    id = serializers.IntegerField(source="row.pk")
    name = serializers.CharField()
    state = serializers.CharField(source="row.state")
    version = serializers.IntegerField(source="row.version")
    supplier = serializers.CharField(source="supplier.name", default="")
    actions = serializers.ListField(child=serializers.CharField())
    attributes = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    wrong_attributes = serializers.ListField(child=serializers.CharField())
    certificates = CertificateOutput(many=True)
    suggestions = SuggestionOutput(many=True)
    steps = ProposalStepOutput(many=True)


@documented(summary="Products that the caller's suppliers proposed")
class OwnProducts(ReadView):
    access = Access("products.api_own_products", posts=SUPPLIER_POSTS)
    query_serializer = OwnQuery
    output_serializer = ProposalRowOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return proposals.own_products(actor=actor_of(request), **self.query(request))


@documented(summary="Propose a product, with its brand and model where the library has none")
class Propose(WriteView):
    access = Access("products.api_propose", posts=SUPPLIER_POSTS)
    input_serializer = ProposeInput
    output_serializer = ProductStateOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return propose_product(
            actor=actor_of(request),
            supplier_id=proposals.supplier_of(actor_of(request), data.get("supplier_id")),
            content=content_of(data),
            now=utc_now(),
        )


@documented(summary="One of them, with what happened to it")
class OwnProduct(ReadView):
    access = Access("products.api_own_product", posts=SUPPLIER_POSTS)
    output_serializer = ProposalReviewOutput

    def read(self, request: Request, **path: Any) -> Any:
        return proposals.own_product(actor=actor_of(request), code=path["proposal_code"], on=local_date(utc_now()))


@documented(summary="Change the version of a proposal that was read, before the decision")
class Amend(WriteView):
    access = Access("products.api_amend", posts=SUPPLIER_POSTS)
    input_serializer = AmendInput
    output_serializer = ProductStateOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return amend_product(
            actor=actor_of(request),
            code=path["proposal_code"],
            version=data["version"],
            content=content_of(data),
            now=utc_now(),
        )


@documented(summary="Take a proposal back")
class Withdraw(WriteView):
    access = Access("products.api_withdraw", posts=SUPPLIER_POSTS)
    output_serializer = ProductStateOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return withdraw_product(actor=actor_of(request), code=path["proposal_code"], now=utc_now())


@documented(summary="Propose a certificate for a product that the supplier proposed or offers")
class ProposeCertificate(WriteView):
    access = Access("products.api_propose_certificate", posts=SUPPLIER_POSTS)
    input_serializer = CertificateInput
    output_serializer = DecidedOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return propose_certificate(
            actor=actor_of(request),
            supplier_id=proposals.supplier_of(actor_of(request), data.get("supplier_id")),
            product_code=path["proposal_code"],
            draft=draft_of(data),
            now=utc_now(),
        )


@documented(summary="What waits for review, by kind, oldest first")
class ReviewQueue(ReadView):
    access = Access("products.api_review_queue", posts=REVIEW_READERS)
    query_serializer = ReviewQuery
    output_serializer = ProposalRowOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        if wanted["subject"] == DUPLICATE:
            return proposals.duplicates(actor=actor_of(request))
        return proposals.waiting(actor=actor_of(request), **wanted)


@documented(summary="One proposal with what a decision needs")
class Review(ReadView):
    access = Access("products.api_review", posts=REVIEW_READERS)
    output_serializer = ProposalReviewOutput

    def read(self, request: Request, **path: Any) -> Any:
        return proposals.review(
            actor=actor_of(request),
            subject=path["subject"],
            subject_id=path["subject_id"],
            on=local_date(utc_now()),
        )


@documented(summary="Approve, return, refuse or revoke the version that was read")
class Decide(WriteView):
    access = Access("products.api_decide", posts=REVIEWERS)
    input_serializer = ProposalDecideInput
    output_serializer = DecidedOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return decide(
            actor=actor_of(request), subject=path["subject"], subject_id=path["subject_id"], now=utc_now(), **data
        )


@documented(summary="Merge a product into a listed one of its category; the old code leads there")
class Merge(WriteView):
    access = Access("products.api_merge", posts=REVIEWERS)
    input_serializer = MergeInput
    output_serializer = ProductStateOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return merge_product(actor=actor_of(request), product_id=path["product_id"], now=utc_now(), **data)


class MergedNameOutput(serializers.Serializer[Any]):
    """The brand or model that stays."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField()


@documented(
    summary="Merge a duplicate brand or model into another one",
    description="Products move; the name leads on for good and is found by search. `products` is the number read.",
    problems=(409,),
)
class MergeName(WriteView):
    access = Access("products.api_merge_name", posts=LIBRARIANS)
    input_serializer = MergeNameInput
    output_serializer = MergedNameOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return merge_name(
            actor=actor_of(request), subject=path["subject"], subject_id=path["subject_id"], now=utc_now(), **data
        )
