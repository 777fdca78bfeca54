"""What an item says: the step to take, or where the thread stands."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.inbox.rules import ItemKind
from webkit import states

KINDS: dict[str, Promise] = {
    ItemKind.ORDER: _("Orders"),
    ItemKind.BARGAIN: _("Bargains"),
    ItemKind.CONTRACT: _("Contracts"),
    ItemKind.INTEREST: _("Late interest"),
    ItemKind.TERM: _("Terms of payment"),
    ItemKind.EVALUATION: _("Ratings"),
    ItemKind.INVOICE: _("Invoices"),
    ItemKind.CANCELLATION: _("Requests to cancel"),
    ItemKind.BUREAU: _("Matters for the bureau"),
    ItemKind.RULE: _("Rules"),
    ItemKind.LIBRARY: _("Libraries"),
}

# By the state an order is in: what its next post has to do.
TO_DO: dict[str, Promise] = {
    "pending_approval": _("Approve or reject the order"),
    "sent_back": _("Mend the order and submit it again"),
    "placed": _("Accept or decline the order"),
    "accepted": _("Ship the goods"),
    "contract_due": _("Draw up the contract: the goods are shipped once it is signed"),
    "contracted": _("Ship the goods"),
    "shipped": _("Inspect and accept the goods"),
    "partly_accepted": _("Deliver the rest of the goods"),
    "goods_refused": _("Take the goods back"),
    "returned": _("Deliver again"),
    "goods_accepted": _("Request the payment"),
    "invoice_due": _("Record the invoice: the order is paid once it is verified"),
    "invoiced": _("Request the payment"),
    "payment_failed": _("Request the payment again"),
    "disputed": _("Mediate the dispute"),
    "bargain_proposed": _("Answer the prices that the buyer asks"),
    "bargain_countered": _("Answer the prices that the supplier offers"),
    "contract_draft": _("Finish the contract's draft and offer it"),
    "contract_offered": _("Sign the contract"),
    "contract_part_signed": _("Sign the contract"),
    "contract_signed": _("Publish the contract"),
    "contract_published": _("File the contract with the bureau"),
    "term_asked": _("Agree to the longer term of payment or refuse it"),
    "rate_supplier": _("Rate the supplier"),
    "rate_buyer": _("Rate the buyer"),
    "invoice_elsewhere": _("Clear up the invoice: its number is recorded at another mall as well"),
    "cancel_asked": _("The other party asks to cancel the order: agree, or go on with it"),
    "rest_cancel_asked": _("The other party asks to give up the rest of the order: agree, or go on with it"),
    "plan_submitted": _("Accept the procurement plan or return it"),
    "plan_returned": _("Mend the returned procurement plan and submit it again"),
    "transfer_asked": _("Decide about the transfer between budget lines"),
    "carry_over_asked": _("Decide about the money to carry over"),
    "exception_filed": _("Decide about the exception document"),
    "package_checked": _("Map what is missing, and propose the package for taking over"),
    "package_proposed": _("Confirm the package that is to be taken over, or send it back"),
    "report_refused": _("The budget system refused a report: see why and have it sent again"),
    "interest_asked": _("Decide about the late interest"),
    "interest_failed": _("Have the late interest paid again"),
    "acknowledge": _("Acknowledge the threshold that was verified"),
}


def to_do(step: str) -> str:
    """The words of a step; a step without words is only looked at."""
    return str(TO_DO.get(step, _("Look at it")))


states.register("inbox", {"open": (_("To do"), "warning"), "done": (_("Done"), "success")})
states.register(
    "inbox-due",
    {"late": (_("Overdue"), "danger"), "soon": (_("Due soon"), "warning"), "later": (_("Has time"), "info")},
)
