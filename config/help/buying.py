"""Those who buy: clerk, approver, acceptor, payer, administrator of a unit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.help.law import GPL_44, GPL_47, PAYMENTS_9, PAYMENTS_17, REGULATION_29, REGULATION_45, REGULATION_50
from config.help.model import Page, Picture, Role, Task
from kernel.posts import Post

BUYING: tuple[Role, ...] = (
    Role(
        key="clerk",
        title=_("Purchasing clerk"),
        lead=_("Choosing goods, placing orders, following them to the end."),
        icon="shopping-cart",
        posts=frozenset({Post.BUYER_CLERK}),
        tasks=(
            Task(
                "find",
                _("Find and compare goods"),
                (
                    _(
                        "Search in your mall by name, model or initials; narrow the result on the left by "
                        "category, brand, price and labels."
                    ),
                    _(
                        "A product's page shows every supplier's offer with freight, and the reference price "
                        "of what all malls paid."
                    ),
                    _(
                        "Tick two or more products and press “Compare the chosen” to see what differs. “Add to "
                        "the favourites” keeps one for later."
                    ),
                ),
                page=Page("tenant", "storefront:products"),
                picture=Picture("products", _("Search result with filters")),
            ),
            Task(
                "order",
                _("Place an order"),
                (
                    _(
                        "Press “Put into the cart” on a product's page, open “Cart”, correct the quantities "
                        "and press “Check out”."
                    ),
                    _(
                        "Choose address and budget lines; an order may be paid from several lines, together "
                        "exactly its amount. Only lines whose procurement plan is filed can be used."
                    ),
                    _(
                        "State why you chose this offer and press “Submit for approval”. Every rule is checked "
                        "at once; the budget is frozen with the approval."
                    ),
                    _(
                        "Refused by a rule: the page names rule, version, facts and article, and what would "
                        "make the order pass."
                    ),
                ),
                page=Page("tenant", "storefront:cart"),
                picture=Picture("checkout", _("The checkout: address, budget lines, reason")),
                law=(REGULATION_29,),
            ),
            Task(
                "follow",
                _("Follow, withdraw, cancel"),
                (
                    _(
                        "“Orders” lists your unit's orders; “Progress” on an order's page shows who did each "
                        "step and when."
                    ),
                    _(
                        "Before the approval press “Withdraw”. An order that was sent back for changes can be "
                        "corrected and submitted again."
                    ),
                    _(
                        "After the supplier has accepted, press “Ask to cancel” with the reason: the order is "
                        "cancelled when the supplier agrees, and the budget is released."
                    ),
                    _(
                        "The supplier does not answer within the deadline on the order's page: the order "
                        "lapses by itself, and the budget is released."
                    ),
                ),
                page=Page("tenant", "orders:list"),
                picture=Picture("order", _("An order with its progress")),
            ),
            Task(
                "bargain",
                _("Bargain with a supplier"),
                (
                    _(
                        "In the cart press “Ask for lower prices” beside the supplier and enter the price you "
                        "would pay. Prices only go down."
                    ),
                    _(
                        "The supplier accepts, declines, or answers with another price, at most twice. You "
                        "agree, ask again, or end it."
                    ),
                    _("Agreed: press “Order at the agreed prices”. The rules judge the order at the agreed prices."),
                ),
                page=Page("tenant", "bargains:list"),
                picture=Picture("bargain", _("A bargain and what was said")),
            ),
            Task(
                "contract",
                _("Draw up, announce and file a contract"),
                (
                    _(
                        "On the page of an accepted order press “Draft the contract”; terms come from the "
                        "order. Then press “Offer for signature”: approver and supplier sign."
                    ),
                    _(
                        "When both have signed: choose what is secret and may not be announced, and press "
                        "“Publish the contract”; then “File with the bureau”. Both deadlines stand on the page "
                        "and in the to-do list."
                    ),
                ),
                page=Page("tenant", "contracts:list"),
                picture=Picture("contracts", _("The unit's contracts")),
                law=(REGULATION_50, GPL_47),
            ),
            Task(
                "finish",
                _("Rate and close"),
                (
                    _(
                        "After the payment press “Rate the other side” on the order's page and give marks from "
                        "1 to 5. Neither side sees the other's rating before its own is given or the period is "
                        "over."
                    ),
                    _("Both ratings close the order; otherwise it closes by itself. “Close” closes it at once."),
                ),
                page=Page("tenant", "orders:list"),
            ),
        ),
    ),
    Role(
        key="approver",
        title=_("Purchasing approver"),
        lead=_("Deciding orders of your unit, signing contracts."),
        icon="checklist",
        posts=frozenset({Post.BUYER_APPROVER}),
        tasks=(
            Task(
                "decide",
                _("Decide an order"),
                (
                    _(
                        "“Approvals” lists the orders whose next step is yours. Open one: goods, budget, the "
                        "rules' results and why this offer was chosen stand on its page."
                    ),
                    _(
                        "“Approve” lets it go on; “Send back” sends it to the clerk with what is to be "
                        "changed; “Reject” ends it with the reason."
                    ),
                    _(
                        "At the last approval all rules are checked again and the budget is frozen; when a "
                        "line lacks money nothing happens and the difference is named."
                    ),
                    _("Nobody decides an order they submitted themselves."),
                ),
                page=Page("tenant", "approvals:inbox"),
                picture=Picture("approvals", _("Orders waiting for the approver")),
            ),
            Task(
                "many",
                _("Decide many at once"),
                (
                    _(
                        "Tick the orders, choose the decision and press “One decision on all picked orders”. "
                        "Each is looked at by itself; the result names those that were not decided and why."
                    ),
                ),
                page=Page("tenant", "approvals:inbox"),
            ),
            Task(
                "deputy",
                _("Let a colleague act in your stead"),
                (
                    _(
                        "Press “Somebody in my stead”, choose colleague and last day, and press “Lend the "
                        "post”. What is decided stands under the colleague's name with yours beside it."
                    ),
                ),
                page=Page("tenant", "access:deputies"),
            ),
            Task(
                "sign",
                _("Sign a contract"),
                (
                    _(
                        "Open “Contracts”, read the document, press “Sign” and enter the number of certificate "
                        "or seal. Who drew it up does not sign for the unit."
                    ),
                ),
                page=Page("tenant", "contracts:list"),
                picture=Picture("contract", _("A contract and its signatures")),
                law=(GPL_44,),
            ),
        ),
    ),
    Role(
        key="acceptor",
        title=_("Acceptance officer"),
        lead=_("Inspecting what was delivered and signing the certificate."),
        icon="clipboard-check",
        posts=frozenset({Post.BUYER_ACCEPTOR}),
        tasks=(
            Task(
                "accept",
                _("Accept a delivery"),
                (
                    _(
                        "“Goods to accept” lists what was shipped. Open an entry and check quantity, service "
                        "and safety standards line by line."
                    ),
                    _(
                        "A part is right: give the accepted quantity of each line; what is refused needs a "
                        "reason. Several shipments are inspected one by one."
                    ),
                    _(
                        "Sign. The certificate can be printed and downloaded as a PDF file and never changes "
                        "again; small and medium suppliers are to be paid within 30 days from now on."
                    ),
                ),
                page=Page("tenant", "orders:acceptance"),
                picture=Picture("acceptance", _("Deliveries waiting for acceptance")),
                law=(REGULATION_45,),
            ),
            Task(
                "refuse",
                _("Refuse a delivery"),
                (
                    _(
                        "Say for each line why it is refused. The supplier takes the goods back and ships "
                        "again; nothing is paid until then."
                    ),
                ),
                page=Page("tenant", "orders:acceptance"),
            ),
            Task(
                "deputy",
                _("Let a colleague act in your stead"),
                (
                    _(
                        "Press “Somebody in my stead”, choose colleague and last day, and press “Lend the "
                        "post”. What is decided stands under the colleague's name with yours beside it."
                    ),
                ),
                page=Page("tenant", "access:deputies"),
            ),
        ),
    ),
    Role(
        key="payer",
        title=_("Payment officer"),
        lead=_("Paying accepted goods through the treasury."),
        icon="building-bank",
        posts=frozenset({Post.BUYER_PAYER}),
        tasks=(
            Task(
                "pay",
                _("Ask for a payment"),
                (
                    _(
                        "“Payments” lists accepted orders. Open one, enter the payee's account and press "
                        "“Request payment”."
                    ),
                    _("The treasury answers by itself; the order becomes “Paid”, and the frozen budget is spent."),
                    _(
                        "Refused, or sent back by the bank: the order is “Payment failed”, the reason stands "
                        "on its page; correct the account and ask again."
                    ),
                ),
                page=Page("tenant", "payments:list"),
                picture=Picture("payments", _("Orders to pay")),
            ),
            Task(
                "due",
                _("Pay in time"),
                (
                    _("“Payments due” shows for each order the last day, days late, interest and whose turn it is."),
                    _(
                        "Interest that was not paid with the order is asked for on the order's page with "
                        "“Payment of the late interest asked”, approved and paid from a budget line."
                    ),
                ),
                page=Page("tenant", "payments:due"),
                law=(PAYMENTS_9, PAYMENTS_17),
            ),
            Task(
                "invoices",
                _("Check invoices"),
                (
                    _(
                        "“Invoices” lists what suppliers recorded, with the result of the check against the "
                        "tax service. Where your bureau asks for it, an order is paid after its invoices."
                    ),
                ),
                page=Page("tenant", "invoices:list"),
            ),
        ),
    ),
    Role(
        key="unit-administrator",
        title=_("Unit administrator"),
        lead=_("People, posts, approval flow, plans and budgets of your unit."),
        icon="users",
        posts=frozenset({Post.UNIT_ADMINISTRATOR}),
        tasks=(
            Task(
                "people",
                _("Invite people and give posts"),
                (
                    _(
                        "In “People and posts” press “Invite a person”: name, e-mail address, posts. The "
                        "invited person chooses sign-in name and password."
                    ),
                    _(
                        "Incompatible posts on one order must be held by different people; the page says how "
                        "many people your unit needs."
                    ),
                    _(
                        "Somebody leaves: press “Hand over” to give the post to a colleague, or “End”. What "
                        "was done stays under the name of who did it."
                    ),
                ),
                page=Page("tenant", "access:people"),
            ),
            Task(
                "flow",
                _("Set the approval flow"),
                (
                    _(
                        "“Flows and times of approval” shows the flow in force and how long each step takes. "
                        "“For one unit” gives your unit steps of its own by amount."
                    ),
                ),
                page=Page("tenant", "approvals:flows"),
            ),
            Task(
                "plan",
                _("Have a procurement plan filed"),
                (
                    _(
                        "Open the budget line under “Budgets”, press “Draft a plan”, enter content, amount and "
                        "expected date, “Keep the draft”, then “Submit to the bureau”."
                    ),
                    _("The bureau files it or sends it back with what is to be changed."),
                ),
                page=Page("tenant", "budgets:lines"),
                picture=Picture("budgets", _("Budget lines with what is free, frozen and spent")),
                law=(REGULATION_29,),
            ),
            Task(
                "transfer",
                _("Ask for a transfer or a carry-over"),
                (
                    _(
                        "Under “Adjustments” press “Ask for a transfer”: from which line to which, amount and "
                        "reason. Somebody else in the bureau decides."
                    ),
                    _("At the end of the year press “Ask to carry over” on a line that has money left."),
                ),
                page=Page("tenant", "budgets:adjustments"),
            ),
        ),
    ),
)
