"""Those who sell or act for others: suppliers, agencies, experts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.help.law import PAYMENTS_9
from config.help.model import Page, Picture, Role, Task
from kernel.posts import Post

SELLING: tuple[Role, ...] = (
    Role(
        key="supplier",
        title=_("Supplier"),
        lead=_("Registering once for the whole region, offering goods, delivering, being paid."),
        icon="truck-delivery",
        posts=frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES}),
        tasks=(
            Task(
                "register",
                _("Register"),
                (
                    _(
                        "Open “Register as a supplier”, enter the credit code and make an account; a letter "
                        "leads to the draft, which can be left and taken up again."
                    ),
                    _(
                        "Fill in licence, representative, size, categories and qualifications with their ends, "
                        "and press “Keep and send”. A finance level vets it, the region admits."
                    ),
                    _(
                        "Sent back: the page names each field to correct. Later changes go the same way; "
                        "confirm the registration once a year."
                    ),
                ),
                page=Page("region", "suppliers:register"),
                picture=Picture("supplier-register", _("The registration form")),
            ),
            Task(
                "offer",
                _("Offer goods"),
                (
                    _(
                        "Not in the library yet: propose the product under “My products” once; it then serves "
                        "every supplier."
                    ),
                    _(
                        "Under “Our offers” make an offer: price with tax, stock, delivery areas with freight, "
                        "valid period, then “Send to review”. The machine's findings show at once, then a "
                        "person decides."
                    ),
                    _("A lower price holds at once. For a higher one the old price stays on sale until it is decided."),
                    _("Many at once: “Bulk import” takes a table and shows every wrong cell first."),
                ),
                page=Page("region", "listings:own_offers"),
                picture=Picture("own-offers", _("A supplier's offers")),
            ),
            Task(
                "orders",
                _("Accept and ship orders"),
                (
                    _(
                        "“Orders of all malls” shows orders of all malls by next step; “Go to the order” leads "
                        "into the mall."
                    ),
                    _(
                        "Press “Accept the order”, or “Decline the order” with the reason, before the deadline "
                        "on the page. Unanswered orders lapse and count in your score."
                    ),
                    _(
                        "Press “Ship” with carrier and number; in several shipments where needed. Refused "
                        "goods are taken back and shipped again."
                    ),
                ),
                page=Page("region", "workbench:work"),
                picture=Picture("supplier-work", _("Orders of all malls on one page")),
            ),
            Task(
                "money",
                _("Record invoices, be paid"),
                (
                    _(
                        "After the acceptance press “Record an invoice” on the order's page; the invoice is "
                        "checked against the tax service. An invoice number can be recorded in one mall only."
                    ),
                    _(
                        "Under “Orders of all malls” you see for each payment its last day and, once it is "
                        "late, days and interest."
                    ),
                ),
                page=Page("region", "workbench:work"),
                law=(PAYMENTS_9,),
            ),
            Task(
                "score",
                _("See your score and appeal"),
                (
                    _(
                        "“Our score” shows each part of the score with the orders it counts. Against an order "
                        "that counts wrongly you can appeal once, within the period on the page."
                    ),
                ),
                page=Page("region", "scores:own"),
                picture=Picture("own-score", _("Parts of a supplier's score")),
            ),
            Task(
                "systems",
                _("Connect your own system"),
                (
                    _(
                        "The administrator makes a token under “Own systems”; it is shown once, carries its "
                        "purposes and its end. Messages to your system are signed and repeated until they are "
                        "taken."
                    ),
                ),
                page=Page("region", "exchange:programs"),
            ),
        ),
    ),
    Role(
        key="agency",
        title=_("Procurement agency"),
        lead=_("Registering on the public list, keeping it true, agreements and checks."),
        icon="briefcase",
        posts=frozenset({Post.AGENCY_MANAGER, Post.AGENCY_CLERK}),
        tasks=(
            Task(
                "register",
                _("Register on the name list"),
                (
                    _(
                        "Press “Agency registrations” in the library of agencies and make an account; then "
                        "fill in place, rooms and full-time staff, attach the papers."
                    ),
                    _(
                        "“Submit to the region's desk”. The region looks only whether it is complete, then "
                        "publishes it."
                    ),
                ),
                page=Page("region", "agencies:agencies"),
                picture=Picture("agencies", _("The public library of agencies")),
            ),
            Task(
                "change",
                _("Report changes"),
                (
                    _(
                        "Under “My agency” report a change within ten working days; staff who leave are "
                        "entered with their last day."
                    ),
                ),
                page=Page("region", "agencies:own"),
            ),
            Task(
                "agreements",
                _("Agreements, ratings, checks"),
                (
                    _(
                        "“Agency agreements” lists what units agreed with you. An evaluation you find wrong "
                        "can be appealed against; a check's findings are answered with what was put right."
                    ),
                ),
                page=Page("region", "agencies:agreements"),
            ),
        ),
    ),
    Role(
        key="expert",
        title=_("Review expert"),
        lead=_("What an expert's account can do today."),
        icon="clipboard-check",
        posts=frozenset({Post.EXPERT}),
        tasks=(
            Task(
                "today",
                _("What there is today"),
                (
                    _(
                        "Sign in, read messages and keep your account. The library of experts and the draws "
                        "are not built yet: nothing is asked of experts here today."
                    ),
                    _(
                        "Who you are and where you belong stands under “Account”; password and open sessions "
                        "are changed there."
                    ),
                ),
                page=Page("region", "accounts:account"),
                picture=Picture("account", _("The account's page")),
            ),
        ),
    ),
)
