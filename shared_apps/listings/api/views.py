"""One call each of the listings' selectors and services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import local_date, utc_now
from kernel.problems import NotFound
from shared_apps.listings import outputs as o
from shared_apps.listings import serializers as s
from shared_apps.listings.permissions import PATROLLERS, READERS, REVIEWERS, SELLERS, SETTERS
from shared_apps.listings.rules.reviews import BreachKind, Outcome, PatrolScope
from shared_apps.listings.selectors import files
from shared_apps.listings.selectors import reviews as worklists
from shared_apps.listings.selectors.settings import parameter_rows, words
from shared_apps.listings.services import appeals, breaches, deciding, offering, patrols, settings
from shared_apps.products.services import edit_service


def _today() -> Any:
    return local_date(utc_now())


def _terms(data: dict[str, Any]) -> dict[str, Any]:
    """Validated terms as the services take them."""
    found = {**data, "areas": s.areas_of(data["areas"])}
    found["vat_rate"] = None if data["vat_rate"] is None else Decimal(data["vat_rate"])
    return found


# -- suppliers --------------------------------------------------------------------------------------------------------
class _OwnWrite(WriteView):
    """Writes one of the supplier's own offers and shows it with all that was decided on it."""

    output_serializer = o.OfferFileOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        self.act(request, data, **path)
        return files.own_offer(actor=actor_of(request), offer_id=path["offer_id"], on=_today())

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        raise NotImplementedError


@documented(summary="A supplier's own offers, newest first; draft one")
class OwnOffers(ReadView, WriteView):
    access = Access("listings.api_own_offers", posts=SELLERS)
    query_serializer = s.OfferQuery
    input_serializer = s.DraftInput
    output_serializer = o.OfferPageOutput
    success_status = 201

    def read(self, request: Request, **path: Any) -> Any:
        return files.own_offers(actor=actor_of(request), **self.query(request))

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        own = [one.id for one in files.own_suppliers(actor=actor)]
        supplier_id = data.pop("supplier_id", own[0] if len(own) == 1 else None)
        if supplier_id not in own:
            raise NotFound(supplier_id=supplier_id)
        offer = offering.draft(actor=actor, supplier_id=supplier_id, now=utc_now(), **_terms(data))
        return files.OfferedPage((files.own_offer(actor=actor, offer_id=offer.pk, on=_today()).offer,), None)


@documented(summary="One of the supplier's own offers with areas, prices and decisions")
class OwnOffer(ReadView):
    access = Access("listings.api_own_offer", posts=SELLERS)
    output_serializer = o.OfferFileOutput

    def read(self, request: Request, **path: Any) -> Any:
        return files.own_offer(actor=actor_of(request), offer_id=path["offer_id"], on=_today())


@documented(summary="Write a draft anew")
class EditOffer(_OwnWrite):
    access = Access("listings.api_edit_offer", posts=SELLERS)
    input_serializer = s.TermsInput

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        offering.edit(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now(), **_terms(data))


@documented(summary="Submit a draft: the machine checks it at once, then a person reviews it")
class SubmitOffer(_OwnWrite):
    access = Access("listings.api_submit_offer", posts=SELLERS)

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        offering.submit(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now())


@documented(summary="Change price, ceiling or delivery areas: cheaper at once, dearer after a review")
class PriceOffer(_OwnWrite):
    access = Access("listings.api_price_offer", posts=SELLERS)
    input_serializer = s.OfferPriceInput

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        if "areas" in data:
            data["areas"] = s.areas_of(data["areas"])
        offering.ask_price(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now(), **data)


@documented(summary="Take back the dearer terms that wait for a review")
class WithdrawPrice(_OwnWrite):
    access = Access("listings.api_withdraw_price", posts=SELLERS)

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        offering.take_price_back(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now())


@documented(summary="Stock note, days of delivery and last day of an offer on sale")
class ServeOffer(_OwnWrite):
    access = Access("listings.api_serve_offer", posts=SELLERS)
    input_serializer = s.ServiceInput

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        edit_service(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now(), **data)


@documented(summary="Take an offer back before it is listed, or off sale for good")
class WithdrawOffer(_OwnWrite):
    access = Access("listings.api_withdraw_offer", posts=SELLERS)
    input_serializer = s.OfferWithdrawInput

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        offering.withdraw(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now(), **data)


@documented(summary="Say what was corrected on a frozen offer; a file goes by the page")
class CorrectOffer(_OwnWrite):
    access = Access("listings.api_correct_offer", posts=SELLERS)
    input_serializer = s.CorrectionInput

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        breaches.report_correction(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now(), **data)


@documented(summary="Appeal against the rejection or the freeze of an offer, once; a file goes by the page")
class AppealOffer(_OwnWrite):
    access = Access("listings.api_appeal_offer", posts=SELLERS)
    input_serializer = s.AppealInput
    success_status = 201

    def act(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        appeals.file_appeal(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now(), **data)


# -- those who look at offers -----------------------------------------------------------------------------------------
class _Rows(s.serializers.Serializer[Any]):
    """A page of reviews; pass `next_after` as `after` for the next one."""

    reviews = s.serializers.SerializerMethodField()
    next_after = s.serializers.IntegerField(allow_null=True)

    def get_reviews(self, page: Any) -> Any:
        return o.OfferReviewOutput([row.review for row in page.rows], many=True).data


@documented(summary="Reviews of offers and of dearer terms, in the order they were asked for")
class Reviews(ReadView):
    access = Access("listings.api_reviews", posts=READERS)
    query_serializer = s.ReviewQuery
    output_serializer = _Rows

    def read(self, request: Request, **path: Any) -> Any:
        return worklists.reviews(actor=actor_of(request), **self.query(request))


@documented(summary="Approve or reject one review; a rejection owes its reason")
class DecideReview(WriteView):
    access = Access("listings.api_decide_review", posts=REVIEWERS)
    input_serializer = s.OfferDecideInput
    output_serializer = o.OfferReviewOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return deciding.decide_review(
            actor=actor_of(request), review_id=path["review_id"], approve=data["decision"] == "approve",
            reason=data["reason"], now=utc_now(),
        )  # fmt: skip


@documented(summary="Decide several reviews, each by itself; the answer names what was refused")
class DecideReviews(WriteView):
    access = Access("listings.api_decide_reviews", posts=REVIEWERS)
    input_serializer = s.BatchInput
    output_serializer = o.BatchOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        outcomes = deciding.decide_many(
            actor=actor_of(request), review_ids=data["review_ids"], approve=data["decision"] == "approve",
            reason=data["reason"], now=utc_now(),
        )  # fmt: skip
        return {"outcomes": outcomes}


@documented(summary="Every supplier's offers, newest first")
class AllOffers(ReadView):
    access = Access("listings.api_all_offers", posts=READERS)
    query_serializer = s.OfferQuery
    output_serializer = o.OfferPageOutput

    def read(self, request: Request, **path: Any) -> Any:
        return files.all_offers(actor=actor_of(request), **self.query(request))


@documented(summary="One offer with areas, prices and decisions")
class AnyOffer(ReadView):
    access = Access("listings.api_any_offer", posts=READERS)
    output_serializer = o.OfferFileOutput

    def read(self, request: Request, **path: Any) -> Any:
        return files.any_offer(actor=actor_of(request), offer_id=path["offer_id"], on=_today())


@documented(summary="Take an offer off sale for a breach; evidence goes by the page")
class FreezeOffer(WriteView):
    access = Access("listings.api_freeze_offer", posts=REVIEWERS)
    input_serializer = s.FreezeInput
    output_serializer = o.FreezeOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return breaches.freeze_offer(
            actor=actor_of(request), offer_id=path["offer_id"], kind=BreachKind(data["kind"]), reason=data["reason"],
            now=utc_now(),
        )  # fmt: skip


@documented(summary="Put a frozen offer back on sale")
class LiftFreeze(WriteView):
    access = Access("listings.api_lift_freeze", posts=REVIEWERS)
    input_serializer = s.OfferReasonInput
    output_serializer = o.FreezeOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return breaches.lift_freeze(actor=actor_of(request), offer_id=path["offer_id"], now=utc_now(), **data)


@documented(summary="Appeals about offers")
class Appeals(ReadView):
    access = Access("listings.api_appeals", posts=READERS)
    query_serializer = s.AppealQuery
    output_serializer = o.AppealOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return [row.appeal for row in worklists.appeals(actor=actor_of(request), **self.query(request))]


@documented(summary="Decide an appeal; not by who decided first")
class DecideAppeal(WriteView):
    access = Access("listings.api_decide_appeal", posts=REVIEWERS)
    input_serializer = s.OfferAppealDecideInput
    output_serializer = o.AppealOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return appeals.decide_appeal(
            actor=actor_of(request), appeal_id=path["appeal_id"], grant=data["outcome"] == "grant",
            decision=data["decision"], now=utc_now(),
        )  # fmt: skip


@documented(summary="Patrols over offers on sale; open one")
class Patrols(WriteView):
    access = Access("listings.api_open_patrol", posts=PATROLLERS)
    input_serializer = s.PatrolInput
    output_serializer = o.PatrolOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return patrols.open_patrol(
            actor=actor_of(request), now=utc_now(), **{**data, "scope": PatrolScope(data["scope"])}
        )


@documented(summary="One patrol with what was found on each offer")
class OnePatrol(ReadView):
    access = Access("listings.api_patrol", posts=READERS)
    output_serializer = o.PatrolFileOutput

    def read(self, request: Request, **path: Any) -> Any:
        found = worklists.patrol(actor=actor_of(request), task_id=path["task_id"])
        return {"task": found.task, "items": [one.item for one in found.items]}


@documented(summary="Note what was found on one offer of a patrol; evidence goes by the page")
class NoteFinding(WriteView):
    access = Access("listings.api_note_finding", posts=PATROLLERS)
    input_serializer = s.FindingInput
    output_serializer = o.PatrolItemOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        kind = BreachKind(data["kind"]) if data["kind"] else None
        return patrols.note_finding(
            actor=actor_of(request), item_id=path["item_id"], now=utc_now(),
            **{**data, "outcome": Outcome(data["outcome"]), "kind": kind},
        )  # fmt: skip


@documented(summary="Close a patrol with a summary, once every offer was looked at")
class ClosePatrol(WriteView):
    access = Access("listings.api_close_patrol", posts=PATROLLERS)
    input_serializer = s.SummaryInput
    output_serializer = o.PatrolOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return patrols.close_patrol(actor=actor_of(request), task_id=path["task_id"], now=utc_now(), **data)


@documented(summary="Figures and words of the machine checks")
class Settings(ReadView):
    access = Access("listings.api_settings", posts=READERS)
    output_serializer = o.SettingsOutput

    def read(self, request: Request, **path: Any) -> Any:
        return {"parameters": parameter_rows(on=_today()), "words": words()}


@documented(summary="Enter a figure that holds from a day on")
class EnterParameter(WriteView):
    access = Access("listings.api_enter_parameter", posts=SETTERS)
    input_serializer = s.ParameterInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        settings.enter_parameter(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Put a word on the list or take it off")
class ChangeWord(WriteView):
    access = Access("listings.api_change_word", posts=SETTERS)
    input_serializer = s.WordInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        settings.change_word(
            actor=actor_of(request), word=data["word"], is_listed=data["change"] == "add", source=data["source"],
            now=utc_now(),
        )  # fmt: skip
