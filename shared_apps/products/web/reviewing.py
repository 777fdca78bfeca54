"""Reviewing what suppliers proposed: the queue, one thing with what a decision needs, deciding, merging, pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from shared_apps.products import proposals
from shared_apps.products.inputs import (
    DUPLICATE,
    MergeInput,
    MergeNameInput,
    ProposalDecideInput,
    RemoveImageInput,
    ReviewQuery,
)
from shared_apps.products.permissions import LIBRARIANS, REVIEW_READERS, REVIEWERS
from shared_apps.products.pictures import images
from shared_apps.products.rules import Subject
from shared_apps.products.services.images import remove_image
from shared_apps.products.services.merging import merge_product
from shared_apps.products.services.merging_names import concerned_by
from shared_apps.products.services.merging_names import merge_name as merge_a_name
from shared_apps.products.services.reviewing import decide as decide_on
from shared_apps.products.wording import ACTIONS, LIFECYCLES, SUBJECTS
from webkit.answers import again, see_other

TEMPLATE = "products/review.html"


@page("products.review_queue", posts=REVIEW_READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, by kind, oldest first."""
    wanted = read_query(ReviewQuery, request)
    subject = wanted["subject"]
    counts = proposals.waiting_counts(actor=actor_of(request))
    here = reverse("products:review_queue")
    tabs: list[tuple[Any, ...]] = [
        (label, f"{here}?subject={kind.value}", subject == kind, counts.get(kind, 0))
        for kind, label in SUBJECTS.items()
    ]
    tabs.append((_("Duplicates to merge"), f"{here}?subject={DUPLICATE}", subject == DUPLICATE))
    if subject == DUPLICATE:
        rows = proposals.duplicates(actor=actor_of(request))
    else:
        rows = proposals.waiting(actor=actor_of(request), **wanted)
    shown = [(row, LIFECYCLES[row.subject]) for row in rows]
    return render(request, "products/review_queue.html", {"rows": shown, "wanted": wanted, "tabs": tabs})


@page("products.review_badge", posts=REVIEW_READERS)
def badge(request: HttpRequest) -> HttpResponse:
    """The figure beside the menu entry."""
    count = sum(proposals.waiting_counts(actor=actor_of(request)).values())
    return HttpResponse(str(count) if count else "", content_type="text/plain; charset=utf-8")


@page("products.review", posts=REVIEW_READERS)
def review(request: HttpRequest, subject: str, subject_id: int) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, subject, subject_id))


@page("products.decide", posts=REVIEWERS, methods=("POST",))
def decide(request: HttpRequest, subject: str, subject_id: int) -> HttpResponse:
    try:
        given = read_input(ProposalDecideInput, request.POST)
        decide_on(actor=actor_of(request), subject=subject, subject_id=subject_id, now=utc_now(), **given)
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, subject, subject_id))
    messages.success(request, _("Done: %(action)s.") % {"action": ACTIONS[given["action"]]})
    return see_other(reverse("products:review", args=[subject, subject_id]))


@page("products.merge", posts=REVIEWERS, methods=("POST",))
def merge(request: HttpRequest, product_id: int) -> HttpResponse:
    try:
        given = read_input(MergeInput, request.POST)
        into = merge_product(actor=actor_of(request), product_id=product_id, now=utc_now(), **given)
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, Subject.PRODUCT, product_id))
    messages.success(request, _("Merged: the old code leads to %(code)s now.") % {"code": into.code})
    return see_other(reverse("products:review", args=[Subject.PRODUCT, product_id]))


@page("products.merge_name", posts=LIBRARIANS, methods=("POST",))
def merge_name(request: HttpRequest, subject: str, subject_id: int) -> HttpResponse:
    try:
        given = read_input(MergeNameInput, request.POST)
        stays = merge_a_name(
            actor=actor_of(request), subject=subject, subject_id=subject_id, now=utc_now(), **given
        )  # fmt: skip
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, subject, subject_id))
    messages.success(request, _("Merged into %(name)s: products moved, the old name is still found.") % {"name": stays})
    return see_other(reverse("products:review", args=[subject, subject_id]))


@page("products.take_image_off", posts=REVIEWERS, methods=("POST",))
def take_image_off(request: HttpRequest, product_id: int) -> HttpResponse:
    context = _context(request, Subject.PRODUCT, product_id)
    try:
        place = read_input(RemoveImageInput, request.POST)["place"]
        remove_image(actor=actor_of(request), product_code=context["row"].code, place=place, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, context)
    messages.success(request, _("The picture is taken off."))
    return see_other(reverse("products:review", args=[Subject.PRODUCT, product_id]))


def _context(request: HttpRequest, subject: str, subject_id: int) -> dict[str, Any]:
    view = proposals.review(actor=actor_of(request), subject=subject, subject_id=subject_id, on=local_date(utc_now()))
    concerned = None
    if view.subject in {Subject.BRAND, Subject.SPU} and "merge" in view.actions:
        concerned = concerned_by(subject=view.subject, subject_id=view.row.pk)
    shown = images(product_ids=[view.row.pk]).get(view.row.pk, ()) if view.subject == Subject.PRODUCT else ()
    return {
        "view": view,
        "row": view.row,
        "images": shown,
        "lifecycle": LIFECYCLES[view.subject],
        "subject_label": SUBJECTS[Subject(view.subject)],
        "may": set(view.actions),
        "concerned": concerned,
        "may_take_off": bool(actor_of(request).posts & REVIEWERS),
    }
