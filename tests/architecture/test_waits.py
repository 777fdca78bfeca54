"""Whatever waits for people stands in somebody's to-do list, or it is written here why not."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from django.apps import apps

from kernel.lifecycle import Lifecycle
from shared_apps.inbox.words import TO_DO

_OURS = ("shared_apps.", "tenant_apps.", "tenants.")
_OWN_DRAFT = "somebody's own draft: nobody else waits for it, and it is on the page of its author"
_MONTH = "the region's month: its page lists all malls at once, and it is done for all in a run"
_STANDS = "it stands as it is; the action is for who wants another state, nobody waits for it"
_ON_REQUEST = "may be challenged or taken back for some time: nothing waits for that"
# (process, state): the step of the to-do list that whoever must act is shown.
WAITS = {
    ("agency", "submitted"): "agency_submitted",
    ("agency", "returned"): "agency_returned",
    ("agency_agreement", "filed"): "agency_agreement_filed",
    ("agency_check", "rectifying"): "agency_check_rectifying",
    ("agency_check", "reported"): "agency_check_reported",
    ("agency_evaluation", "appealed"): "agency_evaluation_appealed",
    ("appeal", "filed"): "appeal_filed",
    ("application", "applied"): "mall_applied",
    ("application", "approved"): "mall_failed",
    ("bargain", "proposed"): "bargain_proposed",
    ("bargain", "countered"): "bargain_countered",
    ("budget report", "refused"): "report_refused",
    ("certificate", "proposed"): "offers_proposals",
    ("contract version", "draft"): "contract_draft",
    ("contract version", "offered"): "contract_offered",
    ("contract version", "part_signed"): "contract_part_signed",
    ("contract version", "signed"): "contract_signed",
    ("contract version", "published"): "contract_published",
    # Whoever mediates is shown the order's own step.
    ("dispute", "open"): "disputed",
    ("dispute", "mediating"): "disputed",
    ("fee_dispute", "filed"): "fee_dispute_filed",
    ("fee_statement", "issued"): "fee_statement_issued",
    ("fee_statement", "disputed"): "fee_statement_answered",
    ("late interest", "asked"): "interest_asked",
    ("late interest", "failed"): "interest_failed",
    ("listing appeal", "filed"): "offers_appeals",
    ("offer", "machine_checked"): "offers_reviews",
    ("offer", "frozen"): "offers_frozen",
    ("offer", "rejected"): "offers_rejected",
    ("offer freeze", "open"): "offers_frozen",
    ("offer freeze", "corrected"): "offers_corrections",
    ("offer review", "open"): "offers_reviews",
    ("order", "pending_approval"): "pending_approval",
    ("order", "sent_back"): "sent_back",
    ("order", "placed"): "placed",
    ("order", "accepted"): "accepted",
    ("order", "contracted"): "contracted",
    ("order", "shipped"): "shipped",
    ("order", "partly_accepted"): "partly_accepted",
    ("order", "goods_accepted"): "goods_accepted",
    ("order", "goods_refused"): "goods_refused",
    ("order", "returned"): "returned",
    ("order", "invoiced"): "invoiced",
    ("order", "payment_failed"): "payment_failed",
    ("order", "paid"): "rate_supplier",
    ("order", "disputed"): "disputed",
    ("patrol", "open"): "offers_patrol",
    ("payment term", "asked"): "term_asked",
    ("procurement plan", "submitted"): "plan_submitted",
    ("procurement plan", "returned"): "plan_returned",
    ("product", "proposed"): "offers_proposals",
    ("product", "returned"): "offers_returned",
    ("proposal", "proposed"): "offers_proposals",
    ("proposal", "returned"): "offers_returned",
    ("rule_version", "entered"): "rule_entered",
    ("sanction", "drafted"): "ban_drafted",
    ("split_exception", "filed"): "exception_filed",
    ("supplier_application", "submitted"): "supplier_submitted",
    ("supplier_application", "returned"): "supplier_returned",
    ("supplier_application", "vetted"): "supplier_vetted",
    ("takeover", "checked"): "package_checked",
    ("takeover", "proposed"): "package_proposed",
}
# (process, state): why nobody's list shows it.
NOT_LISTED = {
    ("agency", "draft"): _OWN_DRAFT,
    ("agency", "published"): _STANDS,
    ("agency", "withdrawn"): _STANDS,
    ("agency_agreement", "started"): "under way at the agency; the purchaser ends it when the work is done",
    ("agency_agreement", "winding_up"): "under way at the agency; the purchaser ends it when the work is done",
    ("agency_check", "planned"): "the plan of who checks: it is on the page of the plan, with its day",
    ("agency_evaluation", "given"): _ON_REQUEST,
    ("announcement", "refused"): "the contract's own step, its publication, waits until it is announced",
    ("certificate", "approved"): _STANDS,
    ("delivery", "given_up"): "the operator's list of what was sent out shows them: one cause gives up many at once",
    ("fee_statement", "open"): _MONTH,
    ("fee_statement", "metered"): _MONTH,
    ("fee_statement", "priced"): _MONTH,
    ("fee_statement", "confirmed"): "settled when the money is there, which no step here can hasten",
    ("import", "received"): "who uploaded the file looks on while it is read",
    ("import", "reading"): "who uploaded the file looks on while it is read",
    ("import", "checked"): "who uploaded the file confirms it on the page that shows what was read",
    ("import", "running"): "at work; it may be broken off",
    ("invoice", "verified"): _ON_REQUEST,
    ("mall_module", "closed"): "the bureau's own choice; its checklist says what is missing",
    ("mall_module", "chosen"): "the bureau's own choice; its checklist says what is missing",
    ("mall_module", "open"): _STANDS,
    ("offer", "draft"): _OWN_DRAFT,
    ("offer", "submitted"): "the machine's check, a moment; it may be taken back meanwhile",
    ("offer", "listed"): _STANDS,
    ("offer", "suspended"): "ends with the supplier's suspension, which has its own step",
    ("order", "draft"): "an order is submitted with its first row: no draft is stored",
    ("practice mall", "ready"): _STANDS,
    ("practice mall", "removed"): _STANDS,
    ("procurement plan", "draft"): _OWN_DRAFT,
    ("product", "listed"): _STANDS,
    ("proposal", "approved"): _STANDS,
    ("sanction", "in_force"): "ends by itself on its last day",
    ("split_exception", "accepted"): _STANDS,
    ("supplier", "under_review"): "the application that leads to it is what is decided",
    ("supplier", "admitted"): _STANDS,
    ("supplier", "suspended"): "reinstated by what its cause asks for, which has its own step",
    ("supplier_application", "draft"): _OWN_DRAFT,
    ("takeover", "received"): "the worker's, a moment; it may be cancelled meanwhile",
    ("takeover", "reading"): "the worker's, a moment; it may be cancelled meanwhile",
    ("tenant", "configuring"): "the bureau's own pace; its checklist says what is missing",
    ("tenant", "live"): _STANDS,
    ("tenant", "suspended"): "the region's own decision, for the region to take back",
}
# Steps of no declared process: conditions that come first, warnings, and things with two words for a state.
BESIDE = frozenset(
    {
        "acknowledge", "agency_agreement_to_evaluate", "agency_few_staff", "cancel_asked", "carry_over_asked",
        "confirmation_ended", "confirmation_ends", "contract_due", "fee_budget_100", "fee_budget_80", "invoice_due",
        "invoice_elsewhere", "offers_ending", "paper_ended", "paper_ends", "rate_buyer", "rest_cancel_asked",
        "tariff_published", "transfer_asked", "webhook_disabled",
    }
)  # fmt: skip


def waiting(lifecycles: list[Lifecycle]) -> set[tuple[str, str]]:
    """Each (process, state) in which people can act."""
    return {
        (one.name, str(state))
        for one in lifecycles
        for move in one.transitions
        if any(post is not None for post in move.posts)
        for state in move.sources
    }


def declared() -> list[Lifecycle]:
    """Every process of the project, whichever module of its app holds it."""
    for config in apps.get_app_configs():
        if not config.name.startswith(_OURS):
            continue
        try:
            rules = importlib.import_module(f"{config.name}.rules")
        except ModuleNotFoundError:
            continue
        for found in pkgutil.iter_modules(getattr(rules, "__path__", ())):
            importlib.import_module(f"{rules.__name__}.{found.name}")
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith(_OURS)]
    found = {id(one): one for module in modules for one in vars(module).values() if isinstance(one, Lifecycle)}
    return list(found.values())


def test_what_waits_for_people_is_in_a_list() -> None:
    known = {**WAITS, **NOT_LISTED}
    assert not WAITS.keys() & NOT_LISTED.keys()
    assert waiting(declared()) == set(known), "a new state is listed with its step, or exempt with its reason"


def test_every_step_has_words_and_every_word_a_step() -> None:
    assert set(WAITS.values()) | BESIDE == set(TO_DO)
