"""Those who oversee: bureaus, the libraries, the region, the operator, auditors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.help.law import GPL_8, REGULATION_29
from config.help.model import Page, Picture, Role, Task
from kernel.posts import Post

OVERSEEING: tuple[Role, ...] = (
    Role(
        key="bureau",
        title=_("Finance bureau"),
        lead=_("Opening your level's mall, its rules, budgets, fees and oversight."),
        icon="building-bank",
        posts=frozenset({Post.TIER_SUPERVISOR}),
        tasks=(
            Task(
                "apply",
                _("Apply for a mall"),
                (
                    _(
                        "On the portal press “Apply for a mall”, find your division, fill in the form and "
                        "press “Send the application”. No account is needed; keep the page's address, it is "
                        "the key to your application."
                    ),
                    _("When the region has approved, the person in charge is invited by letter."),
                ),
                page=Page("region", "onboarding:divisions"),
            ),
            Task(
                "open",
                _("Prepare the mall and go live"),
                (
                    _(
                        "“Bureau console” lists everything that is to be done before, who does it and where. "
                        "Budget units come in from a table."
                    ),
                    _(
                        "Choose modules, accept the tariff, acknowledge the region's thresholds or set "
                        "stricter ones, have an order practised, then press “Go live”."
                    ),
                ),
                page=Page("tenant", "policies:bureau"),
                picture=Picture("bureau-checklist", _("What is missing before the mall goes live")),
                law=(GPL_8,),
            ),
            Task(
                "budgets",
                _("Enter budgets, file plans, close the year"),
                (
                    _(
                        "Under “Units and budgets” press “Enter lines by Excel”; the page shows what will "
                        "change before anything is saved."
                    ),
                    _("File plans under “Procurement plans”, or send them back with what is to be changed."),
                    _(
                        "Transfers are decided by another person than the one who asked. “Fiscal years” closes "
                        "a year and carries frozen money over."
                    ),
                ),
                page=Page("tenant", "budgets:plans"),
                picture=Picture("procurement-plans", _("Procurement plans to file")),
                law=(REGULATION_29,),
            ),
            Task(
                "watch",
                _("Watch contracts and payments"),
                (
                    _(
                        "“Contracts filed” shows what was filed, what is missing and what is late. “Payments "
                        "due” shows who pays late."
                    ),
                    _(
                        "“Policy shares” sums the shares of small enterprises and relief areas; “Visits by "
                        "overseers” says who of higher levels looked into your mall."
                    ),
                ),
                page=Page("tenant", "contracts:filings"),
                picture=Picture("contracts-filed", _("Contracts filed with the bureau")),
            ),
            Task(
                "fees",
                _("Budget and check the fees"),
                (
                    _(
                        "“Fees” shows the month so far, the year by months, forecast and statements. Enter the "
                        "year's budget and your budget reference."
                    ),
                    _(
                        "A statement can be followed down to the order behind each use. Object to a line "
                        "within the period on the page; confirm with “Confirm the statement”."
                    ),
                ),
                page=Page("region", "fees:overview"),
            ),
            Task(
                "practice",
                _("Open a practice mall"),
                (
                    _(
                        "Press “Open a practice mall” under “Practice mall”: it is ready in seconds and thrown "
                        "away with one press. “Who has completed what” shows who has practised what."
                    ),
                ),
                page=Page("region", "training:malls"),
                picture=Picture("practice", _("The practice mall's page")),
            ),
            Task(
                "takeover",
                _("Take over open orders of an old mall"),
                (
                    _(
                        "Under “Taking over open orders” download the template, fill it from the old mall and "
                        "send it: nothing is written until every cell is right and the control totals agree to "
                        "the cent."
                    ),
                    _("One person asks with “Propose to take it over”, another confirms."),
                ),
                page=Page("tenant", "takeover:packages"),
            ),
        ),
    ),
    Role(
        key="libraries",
        title=_("Staff who keep the libraries"),
        lead=_(
            "Central purchasing bodies and the region: suppliers, products, offers, agencies. The library of "
            "experts is not built yet."
        ),
        icon="packages",
        posts=frozenset({Post.CPB_OPERATOR, Post.REGION_SUPERVISOR}),
        tasks=(
            Task(
                "suppliers",
                _("Vet suppliers"),
                (
                    _(
                        "“Suppliers to vet” lists applications of your level, oldest first. Open one, compare "
                        "with licence and qualifications."
                    ),
                    _("Pass it on to the region, return it naming each field, or refuse it. The region admits."),
                ),
                page=Page("region", "suppliers:queue"),
            ),
            Task(
                "products",
                _("Review brands and products"),
                (
                    _(
                        "“Products to review” shows what looks the same beside each entry. Accept it, return "
                        "it, or merge it: the old code goes on leading to the product."
                    ),
                ),
                page=Page("region", "products:review_queue"),
            ),
            Task(
                "offers",
                _("Review offers and inspect what is on sale"),
                (
                    _(
                        "“Offer review” sorts by the worst finding of the machine; tick and press “Approve the "
                        "marked” or “Reject the marked” with the reason. Appeals are decided by somebody else."
                    ),
                    _(
                        "“Patrols” draws a sample by a seed that is kept; record a finding for each offer, "
                        "freeze where needed."
                    ),
                ),
                page=Page("region", "listings:reviews"),
                picture=Picture("offer-reviews", _("Offers waiting for review")),
            ),
            Task(
                "agencies",
                _("Publish and check agencies"),
                (
                    _(
                        "“Register an agency”: see that the information is complete and put the agency on the "
                        "public list. The list registers, it does not approve."
                    ),
                    _(
                        "“Spot checks of agencies” makes a plan for the year and draws agencies in a way that "
                        "anybody can compute again."
                    ),
                ),
                page=Page("region", "agencies:plans"),
                picture=Picture("agency-checks", _("Plans of spot checks")),
            ),
            Task(
                "bans",
                _("Enter a ban"),
                (
                    _(
                        "Under “Keeping bans” press “Enter a ban” and attach the document; somebody else "
                        "compares it and puts it in force. It ends by itself."
                    ),
                ),
                page=Page("region", "sanctions:kept"),
            ),
            Task(
                "scores",
                _("Set how suppliers are scored"),
                (
                    _(
                        "“Supplier scores” lists scores and appeals. A formula is entered from its document "
                        "and verified by somebody else before it counts."
                    ),
                ),
                page=Page("region", "scores:scores"),
                picture=Picture("scores", _("Scores of suppliers")),
            ),
        ),
    ),
    Role(
        key="region",
        title=_("Region's supervisor"),
        lead=_("Thresholds and rules, the fleet of malls, tariffs and statements."),
        icon="gavel",
        posts=frozenset({Post.REGION_SUPERVISOR}),
        tasks=(
            Task(
                "rules",
                _("Enter and verify a threshold"),
                (
                    _(
                        "Under “Rules” press “Enter a new version”: level, kind, amount, document number and "
                        "date. Figures shipped with the platform are a demonstration and never count as "
                        "verified."
                    ),
                    _(
                        "Compare it with the document and press “Verify this version”; every bureau then "
                        "acknowledges or tightens it."
                    ),
                ),
                page=Page("region", "rulebook:rules"),
                picture=Picture("rules", _("Rules with their versions and documents")),
                law=(GPL_8,),
            ),
            Task(
                "malls",
                _("See all malls, stop and start one"),
                (
                    _(
                        "“Malls” lists every level with state, orders, budget and version; filter, sort, "
                        "export. “Tile grid” shows them by place."
                    ),
                    _(
                        "On a mall's page: “Suspend” with the reason (everybody who meets the mall reads it; "
                        "reading goes on, nothing is changed), “Resume”, “Archive”."
                    ),
                    _(
                        "“Look into the mall” opens the mall itself for reading; each visit is recorded, and "
                        "its bureau sees the record."
                    ),
                ),
                page=Page("region", "fleet:malls"),
                picture=Picture("region-console", _("All malls of the region")),
            ),
            Task(
                "tariffs",
                _("Enter a tariff"),
                (
                    _(
                        "Under “Tariffs” press “Enter a tariff”; the page says the tariff in words and "
                        "computes examples. “What it changes” shows what last year would have cost."
                    ),
                    _(
                        "Somebody else compares it with the document and publishes it, with the notice period "
                        "that it states."
                    ),
                ),
                page=Page("region", "fees:tariffs"),
            ),
            Task(
                "statements",
                _("Close months and settle"),
                (
                    _(
                        "“Fee statements” lists the statements; choose priced ones and press “Seal and issue "
                        "the chosen ones”. Nothing of a statement changes after that."
                    ),
                    _(
                        "Answer objections, record receipts by hand or by table. “Reconciliation” compares "
                        "journals, uses and lines every night."
                    ),
                ),
                page=Page("region", "fees:statements"),
            ),
        ),
    ),
    Role(
        key="operator",
        title=_("Platform operator"),
        lead=_("Setting malls up, messages, security log."),
        icon="settings",
        posts=frozenset({Post.PLATFORM_OPERATOR}),
        tasks=(
            Task(
                "applications",
                _("Decide applications for a mall"),
                (
                    _(
                        "“Applications” lists applications. Check bureau, telephone and budget, then “Approve "
                        "the application”, or refuse with the reason, which is sent by letter."
                    ),
                    _(
                        "The page shows each step of setting up with its time. Where one fails nothing "
                        "half-made is left; press “Set up again” after the cause is gone."
                    ),
                ),
                page=Page("region", "onboarding:applications"),
            ),
            Task(
                "jobs",
                _("Act on many malls"),
                (
                    _(
                        "“Act on several malls”: filter, tick, choose what is to be done. The page shows every "
                        "mall's result."
                    ),
                ),
                page=Page("region", "fleet:jobs"),
            ),
            Task(
                "messages",
                _("See what was sent out"),
                (
                    _(
                        "“Messages sent out” has a line for every letter and short message: state, tries, "
                        "reason. Addresses are masked, texts are not kept."
                    ),
                    _(
                        "What is “Given up” can be sent again with “Send again”. “Daily caps” limits what "
                        "leaves the house a day."
                    ),
                ),
                page=Page("region", "messaging:deliveries"),
                picture=Picture("messages-sent-out", _("Messages sent out")),
            ),
            Task(
                "security",
                _("Read the security log"),
                (
                    _(
                        "“Security log” lists sign-ins, refusals, ended sessions by person, host and day, and "
                        "can be exported."
                    ),
                ),
                page=Page("region", "accounts:security_log"),
                picture=Picture("region-security-log", _("The security log")),
            ),
        ),
    ),
    Role(
        key="auditor",
        title=_("Auditor"),
        lead=_("Reading everything, changing nothing."),
        icon="shield-check",
        posts=frozenset({Post.AUDITOR}),
        tasks=(
            Task(
                "read",
                _("Read orders, contracts and decisions"),
                (
                    _(
                        "Enter a mall from the portal: orders, contracts and the rules' decisions of its units "
                        "are open for reading."
                    ),
                    _("Each order shows who did each step, and the rule, version and facts of every decision."),
                ),
                page=Page("tenant", "orders:list"),
            ),
            Task(
                "region",
                _("Read the region's records"),
                (
                    _(
                        "“Security log”, “Visits by overseers” and “Related suppliers” are open to auditors "
                        "and can be exported."
                    ),
                ),
                page=Page("region", "accounts:visits"),
            ),
            Task(
                "shares",
                _("Follow sums and shares of the year"),
                (_("“Supervision” sums orders of all malls by year."),),
                page=Page("region", "insight:supervision"),
            ),
        ),
    ),
)
