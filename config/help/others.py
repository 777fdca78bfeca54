"""Everybody with an account, and everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.help.law import REGULATION_50
from config.help.model import Page, Picture, Role, Task

OTHERS: tuple[Role, ...] = (
    Role(
        key="everybody",
        title=_("Everybody with an account"),
        lead=_("Signing in, to-do list, messages, language: the same for every post."),
        icon="user-circle",
        posts=None,
        tasks=(
            Task(
                "sign-in",
                _("Sign in and enter a mall"),
                (
                    _(
                        "You get your account by an invitation: open its address, and choose a sign-in name "
                        "and a password of at least ten characters."
                    ),
                    _(
                        "Sign in on the region's site. Under “My malls” press “Enter the mall”; you need not "
                        "sign in again."
                    ),
                    _(
                        "Password forgotten: press “Password forgotten?” on the sign-in page; a letter with a "
                        "link comes to your e-mail address."
                    ),
                ),
                page=Page("region", "portal:front"),
                picture=Picture("portal-signed-in", _("The portal after signing in: to-do list and own malls")),
            ),
            Task(
                "to-do",
                _("See what waits for you"),
                (
                    _(
                        "“To do” gathers what waits for you in every mall, with its deadline; “Go and do it” "
                        "leads straight to the page."
                    ),
                    _(
                        "An entry goes by itself as soon as the step is done, by you or by somebody else who "
                        "may take it."
                    ),
                ),
                page=Page("region", "inbox:inbox"),
                picture=Picture("inbox", _("The to-do list over all malls")),
            ),
            Task(
                "messages",
                _("Get messages by e-mail or short message"),
                (
                    _(
                        "Open “Messages”, then “What is sent to me”; enter an e-mail address or a telephone "
                        "number, press “Send a code” and enter the six digits within ten minutes."
                    ),
                    _(
                        "Under “Choices” tick what you want to be sent and how, and press “Keep my choices”. "
                        "The messages on this site are always there."
                    ),
                ),
                page=Page("region", "messaging:settings"),
                picture=Picture("message-settings", _("Addresses and choices for messages")),
            ),
            Task(
                "language",
                _("Change language and size of the text"),
                (
                    _(
                        "At the foot of every page press “Language and text size”, choose, and press “Show "
                        "pages so”. The choice stays in this browser."
                    ),
                    _("The elders' version shows larger text and buttons on every page."),
                ),
                page=Page("both", "display"),
            ),
            Task(
                "practise",
                _("Practise before it counts"),
                (
                    _(
                        "Where your finance bureau has opened a practice mall: open “My exercises” on the "
                        "region's site and press “Enter the practice mall”."
                    ),
                    _(
                        "Press “Begin” beside an exercise. Pages and rules are the real ones; orders there "
                        "bind nobody and are thrown away."
                    ),
                ),
                page=Page("region", "training:mine"),
            ),
        ),
    ),
    Role(
        key="public",
        title=_("Public"),
        lead=_("What everybody may look up without an account."),
        icon="home",
        posts=frozenset(),
        tasks=(
            Task(
                "look-up",
                _("Look up suppliers, products and agencies"),
                (
                    _(
                        "“Supplier library”, “Product library” and “Agency library” are open to everybody, "
                        "with search and export."
                    ),
                ),
                page=Page("region", "suppliers:suppliers"),
                picture=Picture("suppliers", _("The library of suppliers")),
            ),
            Task(
                "bans",
                _("Look up bans"),
                (_("“Sanction list” shows each ban with deciding authority, document number, ground and period."),),
                page=Page("region", "sanctions:sanctions"),
                picture=Picture("sanctions", _("The public list of bans")),
            ),
            Task(
                "contracts",
                _("Read announced contracts"),
                (_("Open a mall from the list on the portal, then “Published contracts” on its front page."),),
                page=Page("tenant", "contracts:published_list"),
                picture=Picture("contracts-published", _("Contracts announced in a mall")),
                law=(REGULATION_50,),
            ),
            Task(
                "join",
                _("Become a supplier"),
                (
                    _(
                        "Anybody with a credit code may register under “Register as a supplier”, once for the "
                        "whole region."
                    ),
                ),
                page=Page("region", "suppliers:register"),
            ),
        ),
    ),
)
