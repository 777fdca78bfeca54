"""Words and colours of order states and actions, and of the refusals this app raises."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.orders.rules import OrderState, PurchaseMode
from webkit import problem_words, states

S = OrderState

STATES: dict[str, tuple[Promise, str]] = {
    S.DRAFT: (pgettext_lazy("order", "Draft"), "secondary"),
    S.PENDING_APPROVAL: (pgettext_lazy("order", "Waiting for approval"), "warning"),
    S.SENT_BACK: (pgettext_lazy("order", "Sent back to the clerk"), "warning"),
    S.REJECTED: (pgettext_lazy("order", "Rejected"), "danger"),
    S.WITHDRAWN: (pgettext_lazy("order", "Withdrawn"), "secondary"),
    S.PLACED: (pgettext_lazy("order", "Waiting for the supplier"), "warning"),
    S.DECLINED: (pgettext_lazy("order", "Declined by the supplier"), "danger"),
    S.EXPIRED: (pgettext_lazy("order", "Not answered in time"), "danger"),
    S.ACCEPTED: (pgettext_lazy("order", "Accepted by the supplier"), "info"),
    S.CANCELLED: (pgettext_lazy("order", "Cancelled"), "secondary"),
    S.CONTRACTED: (pgettext_lazy("order", "Contract signed"), "info"),
    S.SHIPPED: (pgettext_lazy("order", "Shipped"), "info"),
    S.PARTLY_ACCEPTED: (pgettext_lazy("order", "Goods accepted in part"), "warning"),
    S.GOODS_ACCEPTED: (pgettext_lazy("order", "Goods accepted"), "primary"),
    S.GOODS_REFUSED: (pgettext_lazy("order", "Goods refused"), "danger"),
    S.RETURNED: (pgettext_lazy("order", "Goods returned"), "warning"),
    S.INVOICED: (pgettext_lazy("order", "Invoiced"), "primary"),
    S.PAYING: (pgettext_lazy("order", "Payment under way"), "info"),
    S.PAYMENT_FAILED: (pgettext_lazy("order", "Payment failed"), "danger"),
    S.PAID: (pgettext_lazy("order", "Paid"), "success"),
    S.CLOSED: (pgettext_lazy("order", "Closed"), "success"),
    S.DISPUTED: (pgettext_lazy("order", "In dispute"), "danger"),
    S.TERMINATED: (pgettext_lazy("order", "Terminated"), "secondary"),
}

MODES: dict[str, Promise] = {
    PurchaseMode.DIRECT: _("Direct purchase"),
    PurchaseMode.COMPARE: _("Comparison"),
    PurchaseMode.BARGAIN: _("Bargain"),
}

# What the buttons say. Every action of the lifecycle has its word; a test checks it.
ACTIONS: dict[str, Promise] = {
    "submit": pgettext_lazy("order", "Submit"),
    "approve_step": pgettext_lazy("order", "Approve this step"),
    "send_back": pgettext_lazy("order", "Send back"),
    "resubmit": pgettext_lazy("order", "Submit again"),
    "approve": pgettext_lazy("order", "Approve"),
    "reject": pgettext_lazy("order", "Reject"),
    "withdraw": pgettext_lazy("order", "Withdraw"),
    "accept": pgettext_lazy("order", "Accept the order"),
    "decline": pgettext_lazy("order", "Decline the order"),
    "expire": pgettext_lazy("order", "Let it expire"),
    "ask_to_cancel": pgettext_lazy("order", "Ask to cancel"),
    "cancel": pgettext_lazy("order", "Agree to cancel"),
    "sign_contract": pgettext_lazy("order", "Sign the contract"),
    "ship": pgettext_lazy("order", "Ship"),
    "accept_goods": pgettext_lazy("order", "Accept the goods"),
    "accept_part": pgettext_lazy("order", "Accept a part"),
    "refuse_goods": pgettext_lazy("order", "Refuse the goods"),
    "inspect_shipment": pgettext_lazy("order", "Inspect one of several shipments"),
    "ask_to_cancel_rest": pgettext_lazy("order", "Ask to give up the rest"),
    "cancel_rest": pgettext_lazy("order", "Agree to give up the rest"),
    "return_goods": pgettext_lazy("order", "Record the return"),
    "invoice": pgettext_lazy("order", "Record the invoice"),
    "reverse_invoice": pgettext_lazy("order", "Reverse an invoice"),
    "request_payment": pgettext_lazy("order", "Request payment"),
    "send_payment": pgettext_lazy("order", "Send the payment"),
    "confirm_payment": pgettext_lazy("order", "Confirm the payment"),
    "fail_payment": pgettext_lazy("order", "Record the treasury's refusal"),
    "return_payment": pgettext_lazy("order", "Record the returned payment"),
    "close": pgettext_lazy("order", "Close"),
    "dispute": pgettext_lazy("order", "Open a dispute"),
    "resume_supply": pgettext_lazy("order", "Go on with supply"),
    "resume_contract": pgettext_lazy("order", "Go on with the contract"),
    "resume_acceptance": pgettext_lazy("order", "Go on with acceptance"),
    "resume_delivery": pgettext_lazy("order", "Go on with the outstanding delivery"),
    "resume_return": pgettext_lazy("order", "The refusal stands: take the goods back"),
    "resume_replacement": pgettext_lazy("order", "Go on with a replacement"),
    "resume_invoiced": pgettext_lazy("order", "Go on with payment of the invoice"),
    "resume_repayment": pgettext_lazy("order", "Go on with paying again"),
    "settle_part": pgettext_lazy("order", "Pay what was accepted, give up the rest"),
    "resume_payment": pgettext_lazy("order", "Go on with payment"),
    "resume_closing": pgettext_lazy("order", "Go on with closing"),
    "terminate": pgettext_lazy("order", "Terminate"),
}

# What is to be done next, where the state's own name says what has been done.
NEXT_STEPS: dict[str, Promise] = {
    S.ACCEPTED: ACTIONS["ship"],
    S.CONTRACTED: ACTIONS["ship"],
    S.SHIPPED: pgettext_lazy("order", "Inspect the goods"),
    S.PARTLY_ACCEPTED: pgettext_lazy("order", "Ship the rest, or ask to give it up"),
    S.GOODS_ACCEPTED: ACTIONS["request_payment"],
    S.RETURNED: pgettext_lazy("order", "Ship again"),
    S.GOODS_REFUSED: ACTIONS["return_goods"],
    S.INVOICED: ACTIONS["request_payment"],
    S.PAYMENT_FAILED: pgettext_lazy("order", "Request payment again"),
    S.PAID: ACTIONS["close"],
}

# What the timeline says happened, by the event's name.
EVENTS: dict[str, tuple[Promise, str, str]] = {
    "orders.submitted": (pgettext_lazy("order", "Submitted for approval"), "send", "primary"),
    "orders.taken_over": (pgettext_lazy("order", "Taken over from the old mall"), "package-import", "info"),
    "orders.step_approved": (pgettext_lazy("order", "A step of the approval taken"), "check", "info"),
    "orders.sent_back": (pgettext_lazy("order", "Sent back to the clerk"), "arrow-left", "warning"),
    "orders.resubmitted": (pgettext_lazy("order", "Submitted again"), "send", "primary"),
    "orders.approved": (pgettext_lazy("order", "Approved, budget frozen, order placed"), "check", "success"),
    "orders.rejected": (pgettext_lazy("order", "Rejected by the approver"), "x", "danger"),
    "orders.withdrawn": (pgettext_lazy("order", "Withdrawn by the clerk"), "arrow-left", "secondary"),
    "orders.accepted": (pgettext_lazy("order", "Accepted by the supplier"), "check", "success"),
    "orders.declined": (pgettext_lazy("order", "Declined by the supplier, budget released"), "x", "danger"),
    "orders.expired": (pgettext_lazy("order", "Not answered in time, budget released"), "hourglass", "danger"),
    "orders.cancel_asked": (pgettext_lazy("order", "One party asked to cancel"), "help-circle", "warning"),
    "orders.cancelled": (pgettext_lazy("order", "Cancelled by both parties, budget released"), "ban", "secondary"),
    "orders.contract_signed": (pgettext_lazy("order", "Contract signed"), "file-certificate", "success"),
    "orders.supplement_linked": (_("Ordered under a supplementary contract"), "file-certificate", "primary"),
    "orders.shipped": (pgettext_lazy("order", "Shipped"), "truck-delivery", "info"),
    "orders.goods_accepted": (pgettext_lazy("order", "Goods accepted"), "clipboard-check", "success"),
    "orders.goods_partly_accepted": (pgettext_lazy("order", "Goods accepted in part"), "clipboard-list", "warning"),
    "orders.goods_refused": (pgettext_lazy("order", "Goods refused"), "x", "danger"),
    "orders.goods_returned": (pgettext_lazy("order", "Goods returned"), "truck-return", "warning"),
    "orders.rest_cancel_asked": (
        pgettext_lazy("order", "One party asked to give up the rest"),
        "help-circle",
        "warning",
    ),
    "orders.rest_cancelled": (
        pgettext_lazy("order", "The rest was given up, its budget released"),
        "ban",
        "secondary",
    ),
    "orders.invoiced": (pgettext_lazy("order", "Invoiced"), "file-invoice", "info"),
    "orders.invoice_reversed": (pgettext_lazy("order", "Invoice reversed"), "file-invoice", "warning"),
    "orders.payment_requested": (pgettext_lazy("order", "Payment requested"), "building-bank", "info"),
    "orders.payment_sent": (pgettext_lazy("order", "Payment instruction sent to the treasury"), "send", "info"),
    "orders.payment_refused": (pgettext_lazy("order", "Payment refused by the treasury"), "alert-triangle", "danger"),
    "orders.payment_returned": (pgettext_lazy("order", "Payment returned by the bank"), "arrow-left", "danger"),
    "orders.paid": (pgettext_lazy("order", "Paid"), "coin-yuan", "success"),
    "payments.term_asked": (pgettext_lazy("order", "A longer term of payment was asked for"), "calendar", "info"),
    "payments.term_agreed": (pgettext_lazy("order", "The supplier agreed to the longer term"), "calendar", "success"),
    "payments.term_refused": (pgettext_lazy("order", "The supplier refused the longer term"), "calendar", "secondary"),
    "payments.interest_asked": (pgettext_lazy("order", "Payment of the late interest asked"), "coin-yuan", "info"),
    "payments.interest_approved": (pgettext_lazy("order", "Late interest approved, budget frozen"), "check", "info"),
    "payments.interest_rejected": (pgettext_lazy("order", "Late interest not approved"), "x", "warning"),
    "payments.interest_withdrawn": (pgettext_lazy("order", "Late interest taken back"), "arrow-left", "secondary"),
    "payments.interest_asked_again": (pgettext_lazy("order", "Late interest asked again"), "coin-yuan", "info"),
    "payments.interest_sent": (pgettext_lazy("order", "Late interest sent to the treasury"), "send", "info"),
    "payments.interest_paid": (pgettext_lazy("order", "Late interest paid"), "coin-yuan", "success"),
    "payments.interest_failed": (pgettext_lazy("order", "Late interest refused or sent back"), "x", "danger"),
    "evaluations.given": (pgettext_lazy("order", "One side rated the other"), "star", "info"),
    "orders.closed": (pgettext_lazy("order", "Closed"), "circle-check", "success"),
    "orders.disputed": (pgettext_lazy("order", "Dispute opened"), "scale", "danger"),
    "orders.dispute_resolved": (pgettext_lazy("order", "Dispute resolved"), "scale", "success"),
    "orders.dispute_withdrawn": (pgettext_lazy("order", "Dispute withdrawn"), "scale", "secondary"),
    "orders.terminated": (pgettext_lazy("order", "Terminated"), "ban", "secondary"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("orders", STATES)
    problem_words.register(
        "rule-refused",
        advice=_("Each rule below says what would make the purchase pass. Nothing was ordered and no budget was used."),
    )
    problem_words.register(
        "order-changed", advice=_("Somebody else has just changed the order: load the page again and look once more.")
    )
    problem_words.register(
        "funding-mismatch",
        facts={"needed": (_("The order costs"), "money"), "given": (_("The budget lines give"), "money")},
        advice=_("Change the amounts so that the budget lines give exactly what the order costs."),
    )
