"""Words and colours of order states and actions, and of the refusals this app raises."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.orders.rules import OrderState, PurchaseMode
from webkit import problem_words, states

S = OrderState

STATES: dict[str, tuple[Promise, str]] = {
    S.DRAFT: (_("Draft"), "secondary"),
    S.PENDING_APPROVAL: (_("Waiting for approval"), "warning"),
    S.REJECTED: (_("Rejected"), "danger"),
    S.WITHDRAWN: (_("Withdrawn"), "secondary"),
    S.PLACED: (_("Waiting for the supplier"), "warning"),
    S.DECLINED: (_("Declined by the supplier"), "danger"),
    S.EXPIRED: (_("Not answered in time"), "danger"),
    S.ACCEPTED: (_("Accepted by the supplier"), "info"),
    S.CANCELLED: (_("Cancelled"), "secondary"),
    S.CONTRACTED: (_("Contract signed"), "info"),
    S.SHIPPED: (_("Shipped"), "info"),
    S.PARTLY_ACCEPTED: (_("Goods accepted in part"), "warning"),
    S.GOODS_ACCEPTED: (_("Goods accepted"), "primary"),
    S.GOODS_REFUSED: (_("Goods refused"), "danger"),
    S.RETURNED: (_("Goods returned"), "warning"),
    S.INVOICED: (_("Invoiced"), "primary"),
    S.PAYING: (_("Payment under way"), "info"),
    S.PAYMENT_FAILED: (_("Payment failed"), "danger"),
    S.PAID: (_("Paid"), "success"),
    S.CLOSED: (_("Closed"), "success"),
    S.DISPUTED: (_("In dispute"), "danger"),
    S.TERMINATED: (_("Terminated"), "secondary"),
}

MODES: dict[str, Promise] = {
    PurchaseMode.DIRECT: _("Direct purchase"),
    PurchaseMode.COMPARE: _("Comparison"),
}

# What the buttons say. Every action of the lifecycle has its word; a test checks it.
ACTIONS: dict[str, Promise] = {
    "submit": _("Submit"),
    "approve": _("Approve"),
    "reject": _("Reject"),
    "withdraw": _("Withdraw"),
    "accept": _("Accept the order"),
    "decline": _("Decline the order"),
    "expire": _("Let it expire"),
    "ask_to_cancel": _("Ask to cancel"),
    "cancel": _("Agree to cancel"),
    "sign_contract": _("Sign the contract"),
    "ship": _("Ship"),
    "accept_goods": _("Accept the goods"),
    "accept_part": _("Accept a part"),
    "refuse_goods": _("Refuse the goods"),
    "return_goods": _("Record the return"),
    "invoice": _("Record the invoice"),
    "request_payment": _("Request payment"),
    "send_payment": _("Send the payment"),
    "confirm_payment": _("Confirm the payment"),
    "fail_payment": _("Record the treasury's refusal"),
    "return_payment": _("Record the returned payment"),
    "close": pgettext_lazy("order", "Close"),
    "dispute": _("Open a dispute"),
    "resume_supply": _("Go on with supply"),
    "resume_contract": _("Go on with the contract"),
    "resume_acceptance": _("Go on with acceptance"),
    "resume_payment": _("Go on with payment"),
    "resume_closing": _("Go on with closing"),
    "terminate": _("Terminate"),
}

# What the timeline says happened, by the event's name.
EVENTS: dict[str, tuple[Promise, str, str]] = {
    "orders.submitted": (_("Submitted for approval"), "send", "primary"),
    "orders.approved": (_("Approved, budget frozen, order placed"), "check", "success"),
    "orders.rejected": (_("Rejected by the approver"), "x", "danger"),
    "orders.withdrawn": (_("Withdrawn by the clerk"), "arrow-left", "secondary"),
    "orders.accepted": (_("Accepted by the supplier"), "check", "success"),
    "orders.declined": (_("Declined by the supplier, budget released"), "x", "danger"),
    "orders.expired": (_("Not answered in time, budget released"), "hourglass", "danger"),
    "orders.cancel_asked": (_("One party asked to cancel"), "help-circle", "warning"),
    "orders.cancelled": (_("Cancelled by both parties, budget released"), "ban", "secondary"),
    "orders.contract_signed": (_("Contract signed"), "file-certificate", "success"),
    "orders.shipped": (_("Shipped"), "truck-delivery", "info"),
    "orders.goods_accepted": (_("Goods accepted"), "clipboard-check", "success"),
    "orders.goods_partly_accepted": (_("Goods accepted in part"), "clipboard-list", "warning"),
    "orders.goods_refused": (_("Goods refused"), "x", "danger"),
    "orders.goods_returned": (_("Goods returned"), "truck-return", "warning"),
    "orders.invoiced": (_("Invoiced"), "file-invoice", "info"),
    "orders.payment_requested": (_("Payment requested"), "building-bank", "info"),
    "orders.payment_sent": (_("Payment instruction sent to the treasury"), "send", "info"),
    "orders.payment_refused": (_("Payment refused by the treasury"), "alert-triangle", "danger"),
    "orders.payment_returned": (_("Payment returned by the bank"), "arrow-left", "danger"),
    "orders.paid": (_("Paid"), "coin-yuan", "success"),
    "orders.closed": (_("Closed"), "circle-check", "success"),
    "orders.disputed": (_("Dispute opened"), "scale", "danger"),
    "orders.dispute_resolved": (_("Dispute resolved"), "scale", "success"),
    "orders.terminated": (_("Terminated"), "ban", "secondary"),
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
