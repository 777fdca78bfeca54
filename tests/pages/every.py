"""The people and the objects of every page of both hosts; tests/pages/looking.py opens them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from kernel.access import Route
from kernel.actor import SYSTEM
from kernel.clock import local, local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.services import invite
from shared_apps.exchange.services import receive_table
from shared_apps.fees import demo as tariff
from shared_apps.fees.services.reconciling import make_reconciliation, order_reconciliation
from shared_apps.fleet.rules import JobAction
from shared_apps.fleet.services import order_job
from shared_apps.fleet.web.malls import VIEWS as FLEET_ACTIONS
from shared_apps.onboarding.models import Application
from shared_apps.onboarding.services import refuse_application
from shared_apps.products.models import Product
from shared_apps.rulebook.models import RuleVersion
from shared_apps.sanctions import services as sanctions
from shared_apps.sanctions.rules import years_later
from shared_apps.scores import services as scores
from tenant_apps.access.models import PostHolding
from tenant_apps.orders.models import AcceptanceCertificate, Order
from tenant_apps.orders.services import approving
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.context import region_as, tenant_selected
from tenants.registry.models import Tenant
from tests.factories import agencies as agency_firms
from tests.factories import approvals, bargains, checkouts, contracts, listings, takeover
from tests.factories import fulfilment as made
from tests.factories.budget_pages import make_budget_papers
from tests.factories.budget_pages import pages_of as budget_pages
from tests.factories.cast import KIND_OF_POST, LOCAL_KINDS, build_cast
from tests.factories.commitments import make_policy_papers
from tests.factories.commitments import pages_of as policy_pages
from tests.factories.disputes import dispute as open_dispute
from tests.factories.exchange import as_csv, make_webhook, offer_row
from tests.factories.fees import issued_july
from tests.factories.goods import valid_uscc
from tests.factories.invoices import record as record_invoice
from tests.factories.invoices import verify as verify_invoices
from tests.factories.onboarding import OPERATOR, approve, file_application
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, join, letters, make_organisation, make_user, sign_in
from tests.factories.proposals import make_profile, propose, seller_of
from tests.factories.relayed import relay_tenant
from tests.factories.rules import entered_threshold
from tests.factories.sanctions import banned, drafted, keeper
from tests.factories.scores import orders as counted_orders
from tests.factories.scores import outcome
from tests.factories.suppliers import shown as suppliers_shown

A = "990001"
Paths = dict[str, list[str]]
Who = Post | None


@dataclass
class World:
    """People by post, and the addresses of the pages that show an object, by route name."""

    people: dict[Post, User]
    paths: Paths = field(default_factory=dict)
    own_paths: dict[tuple[str, Post], list[str]] = field(default_factory=dict)
    clients: dict[tuple[Who, str | None], Client] = field(default_factory=dict)

    def client(self, who: Who, tenant: str | None) -> Client:
        if (who, tenant) not in self.clients:
            host = f"{tenant}.localhost" if tenant else "localhost"
            client = Client(HTTP_HOST=host)
            self.clients[who, tenant] = client if who is None else sign_in(client, self.people[who], tenant)
        return self.clients[who, tenant]

    def addresses(self, route: Route, who: Who) -> list[str]:
        """The addresses of a route: known ones, else the pattern itself where it has no parameter."""
        if who is not None and (route.name, who) in self.own_paths:
            return self.own_paths[route.name, who]
        return self.paths.get(route.name, [] if "<" in route.pattern else [f"/{route.pattern}"])


def people_of_the_region(shop: Shop) -> None:
    """The posts that the shop's factory leaves out: the bureau, the region's staff, agency, expert, auditor."""
    organisations = {OrganisationKind.SUPPLIER: shop.people[Post.SUPPLIER_SALES].memberships.get().organisation}
    for post, kind in KIND_OF_POST.items():
        if post in shop.people:
            continue
        # The clerk is another agency's than the manager: one is still a draft, the other on the name list.
        if kind not in organisations or post == Post.AGENCY_CLERK:
            organisations[kind] = make_organisation(
                kind, f"{kind}-{post}-{A}"[:40], "测试机构", A if kind in LOCAL_KINDS else None
            )
        shop.people[post] = make_user(name=f"测试{post.label}")
        join(shop.people[post], organisations[kind], [post])


def comparison_pages() -> dict[str, list[str]]:
    """A comparison that found something: the statement's uses have no journal rows."""
    with region_as("yz_region"):
        run = order_reconciliation(actor=SYSTEM, now=utc_now())
        make_reconciliation(run_id=run)
    page = f"/fees/reconciliation/{run}/"
    return {
        "fees:reconciliation": [page, f"{page}?kind=use_without_row", f"{page}?tenant=654321"],
        "fees:reconciliation_progress": [f"{page}progress/"],
    }


def bring(shop: Shop, maker: Callable[[Shop], Any]) -> Order:
    found = maker(shop)
    return found if isinstance(found, Order) else Order.objects.get(pk=found.order_id)


def empty_world() -> World:
    """A county whose bureau has done nothing yet, with its people."""
    cast = build_cast(A)
    invite_page = f"/bureau/people/invite/?unit_id={cast.unit_id}"
    # No package has named a code yet.
    return World(cast.people, {"access:invite": [invite_page], "takeover:map_code": []})


def full_world() -> World:
    """A county at work: an order in each state, instructions, a certificate, a statement, somebody invited."""
    shop = make_shop(A)
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(state="live", live_at=utc_now())
        tariff.load(utc_now())
    issued_july(A)
    people_of_the_region(shop)
    waiting_version = entered_threshold(level="prefecture")
    with tenant_selected(A), region_as("yz_mall"):
        orders = {
            "submitted": shop.submit(),
            "placed": bring(shop, lambda shop: shop.place()),
            "accepted": bring(shop, made.accepted),
            "shipped": bring(shop, made.shipped),
            "due": bring(shop, made.goods_accepted),
            "refused": bring(shop, made.goods_refused),
            "returned": bring(shop, made.returned),
            "partly": bring(shop, made.partly_accepted),
            "disputed": bring(shop, made.shipped),
            "invoiced": bring(shop, made.goods_accepted),
            "paid": bring(shop, made.paid),
            "failed": bring(shop, lambda shop: made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "01")),
        }
        rejected = shop.submit()
        approving.reject(actor=shop.approver, order_id=rejected.pk, reason="数量超出计划", now=utc_now())
        made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
        invoice = record_invoice(shop, orders["invoiced"])
        verify_invoices()
        disputed = open_dispute(shop, orders["disputed"])
        certificates = AcceptanceCertificate.objects.filter(order_id__in=[orders["paid"].pk, orders["refused"].pk])
        # Before the flow that the approvals set: their orders are approved at once.
        contract_pages = contracts.shown(shop)
        asked, approval_pages = approvals.shown(shop)
        ids = {name: order.pk for name, order in (orders | asked).items()} | {"rejected": rejected.pk}
        papers = make_budget_papers(
            clerk=shop.clerk, bureau=actor_of(shop.people[Post.TIER_SUPERVISOR], A), unit_id=shop.unit_id
        )
        policy = make_policy_papers(clerk=shop.clerk, unit_id=shop.unit_id)
        tenant_paths: Paths = {
            **budget_pages(papers),
            **approval_pages,
            **policy_pages(policy, shop.unit_id),
            **bargains.shown(shop),
            **checkouts.shown(shop, orders["accepted"]),
            "orders:order": [f"/orders/{pk}/" for pk in ids.values()],
            "orders:certificate": [f"/orders/{paper.order_id}/certificates/{paper.pk}/" for paper in certificates],
            "invoices:new": [f"/orders/{ids['due']}/invoices/new/"],
            "invoices:reverse": [f"/invoices/{invoice.pk}/reverse/"],
            "invoices:list": ["/invoices/", "/invoices/?search=没有"],
            **contract_pages,
            "disputes:open": [f"/orders/{ids['shipped']}/dispute/"],
            "disputes:dispute": [f"/disputes/{disputed.pk}/"],
            "disputes:list": ["/disputes/", "/disputes/?search=没有"],
            "payments:instruction": [
                f"/payments/{pk}/" for pk in PaymentInstruction.objects.values_list("pk", flat=True)
            ],
            "payments:term": [f"/orders/{ids['accepted']}/payment-term/"],
            "payments:interest": [f"/orders/{ids['paid']}/late-interest/"],
            "evaluations:evaluate": [f"/orders/{ids['paid']}/evaluate/"],
            "evaluations:list": ["/evaluations/", "/evaluations/?search=没有"],
            "payments:due": ["/payments/due/", "/payments/due/?tab=late", "/payments/due/?search=没有"],
            "access:invite": [f"/bureau/people/invite/?unit_id={shop.unit_id}"],
            "access:hand_over": [f"/bureau/people/{PostHolding.objects.order_by('pk')[0].pk}/hand-over/"],
        }
    shop.fill_cart(quantity=3)
    packages = takeover.shown(shop)
    tenant_paths["orders:order"] += packages.pop("orders:order")
    relay_tenant(A)
    world = World(shop.people, tenant_paths | packages)
    product = shop.offer.product.code
    reviewed, own = _proposals(shop)
    world.own_paths |= {(name, Post.SUPPLIER_ADMIN): paths for name, paths in own.items()}
    for name, state in {
        "accept_goods": "shipped", "accept_part": "shipped", "ask_to_cancel": "accepted",
        "ask_to_cancel_rest": "partly", "decline": "placed", "refuse_goods": "shipped",
        "reject": "submitted", "ship": "accepted", "terminate": "returned",
    }.items():  # fmt: skip
        world.paths[f"orders:{name}"] = [f"/orders/{ids[state]}/{name.replace('_', '-')}/"]
    world.paths |= {
        "payments:request": [f"/orders/{ids[state]}/request-payment/" for state in ("due", "failed")],
        "payments:list": ["/payments/", "/payments/?tab=paid"],
        "orders:list": ["/orders/", "/orders/?search=没有"],
        "budgets:statement": [f"/budgets/{shop.line.pk}/"],
        "storefront:product": [f"/products/{product}/"],
        "storefront:products": ["/products/", "/products/?q=测试", "/products/?q=没有", "/products/?q=cs"],
        "storefront:approvals": ["/bureau/shelf/approvals/", "/bureau/shelf/approvals/?q=没有&approved=true"],
        "storefront:compare": ["/compare/", f"/compare/?code={product}"],
        "policies:what_if": ["/bureau/what-if/", "/bureau/what-if/?kind=goods&amount=300000"],
        "portal:front": ["/", "/?q=没有"],
        "help": ["/help/", "/help/?q=验收", "/help/?q=没有"],
        "help_role": ["/help/clerk/", "/help/public/"],
        "accounts:enter_mall": [f"/malls/{A}/enter/"],
        "inbox:inbox": ["/inbox/", "/inbox/?state=done"],
        "workbench:work": ["/supplier/work/", "/supplier/work/?tab=overdue"],
        "messaging:messages": ["/messages/", "/messages/?state=unread", "/messages/?q=没有"],
        "messaging:deliveries": ["/console/messages/", "/console/messages/?state=refused"],
        **comparison_pages(),
        "fees:overview": ["/fees/", "/fees/?look=no_budget&sort=percent", "/fees/?q=没有"],
        "fees:mall": [f"/fees/malls/{A}/", f"/fees/malls/{A}/?year={local(utc_now()).year + 1}"],
        "fees:subscription": [f"/fees/malls/{A}/subscription/"],
        "fees:shares": [f"/fees/malls/{A}/shares/"],
        "fees:statement": [
            f"/fees/statements/{A}/{month}/" for month in (f"{local(utc_now()):%Y-%m}", "2025-01", "2026-07")
        ],
        "fees:statements": ["/fees/statements/", "/fees/statements/?state=settled", "/fees/statements/?month=2026-07"],
        "fees:statement_line": [f"/fees/statements/{A}/2026-07/lines/{tail}" for tail in ("1/", "2/", "1/?q=没有")],
        "fees:tariff": ["/fees/tariffs/1/", "/fees/tariffs/1/?quantity-storage=500&level=prefecture"],
        "fees:new_tariff": ["/fees/tariffs/new/", "/fees/tariffs/new/?copy=1"],
        "fees:compare_tariffs": [f"/fees/tariffs/compare/?new=1&period={year}" for year in ("", local(utc_now()).year)],
        "classification:items": ["/library/items/", "/library/items/?under=A02010105", "/library/items/?q=没有"],
        "classification:category": ["/console/categories/C-01/"],
        **reviewed,
        **_applications(),
        **_agencies(shop),
        **_bans(),
        **listings.shown(world.people, shop.supplier.pk),
        **_scores(shop),
        "training:progress": [f"/practice/malls/{A}/progress/"],
        "training:people": ["/practice/people/", "/practice/people/?q=没有"],
        "fleet:malls": ["/console/malls/", "/console/malls/?q=没有"],
        "fleet:mall": [f"/console/malls/{A}/", "/console/malls/990002/"],
        **{f"fleet:{name}": [f"/console/malls/{A}/{name}/"] for name in FLEET_ACTIONS},
        **{f"fleet:{name}": paths for name, paths in _job(shop).items()},
        "exchange:upload": [],
        "rulebook:version": [f"/console/rules/{pk}/" for pk in (waiting_version.pk, _shipped_version().pk)],
        "rulebook:new_parameters": [
            f"/console/rules/{pk}/new/"
            for pk in RuleVersion.objects.filter(
                code__in=("R-MODULE", "R-GREEN", "R-SME-RESERVE"), kind__in=("*", "goods")
            ).values_list("pk", flat=True)
        ],
        **_letters(shop),
    }
    paths, own_paths = suppliers_shown(world.people, shop.supplier)
    world.paths |= paths
    world.own_paths |= own_paths
    for post, user in world.people.items():
        place = user.memberships.get().organisation_id
        world.own_paths["accounts:members", post] = [f"/account/organisations/{place}/"]
    world.own_paths |= _tables(shop)
    return world


def _proposals(shop: Shop) -> tuple[Paths, Paths]:
    """A product that a supplier has proposed: what reviewers see of it, and what the supplier's administrator sees."""
    admin = shop.people[Post.SUPPLIER_ADMIN]
    product = propose(seller_of(admin))
    assert product.spu is not None
    profile = make_profile()
    sold = Product.objects.select_related("spu").get(pk=shop.offer.product_id)
    brand_id = sold.spu.brand_id if sold.spu else 0
    things = {"product": product.pk, "spu": product.spu.pk, "brand": product.spu.brand_id}
    own = f"/supplier/products/{product.code}/"
    return {
        "products:propose": ["/supplier/products/new/", "/supplier/products/new/?category=C-01"],
        "products:product": [f"/library/products/{shop.offer.product.code}/"],
        "products:brand": [f"/library/brands/{brand_id}/"],
        "products:profile": [f"/library/profiles/{profile.pk}/"],
        "products:edit_profile": [f"/library/profiles/{profile.pk}/edit/"],
        "products:new_profile": ["/library/profiles/new/", "/library/profiles/new/?category=C-01"],
        "products:review_queue": [
            "/library/review/products/", "/library/review/products/?subject=brand",
            "/library/review/products/?q=没有", "/library/review/products/?subject=duplicate",
        ],
        "products:review": [f"/library/review/products/{subject}/{pk}/" for subject, pk in things.items()],
    }, {"products:own_product": [own], "products:amend": [f"{own}edit/"]}  # fmt: skip


def _applications() -> Paths:
    """An application in each state that its pages tell apart: waiting, failed, being set up, set up, refused."""
    waiting, secret = file_application("653121")
    failed, moving = approve(file_application("653122")[0]), approve(file_application("653123")[0])
    done, link = file_application("990002")
    approve(done)
    refused, _ = file_application("653124", email="refused@example.com")
    with region_as("yz_region"):
        Application.objects.filter(pk=failed.pk).update(error="DatabaseError: 测试")
        refuse_application(actor=OPERATOR, application_id=refused.pk, version=1, reason="预算未列", now=utc_now())
    base = f"/applications/{waiting.number}/{secret}/"
    rows = [waiting.pk, failed.pk, moving.pk, done.pk, refused.pk]
    return {
        "onboarding:divisions": ["/apply/", "/apply/?q=没有"],
        "onboarding:apply": ["/apply/653101/"],
        "onboarding:followed": [base, f"/applications/{done.number}/{link}/"],
        "onboarding:followed_steps": [f"{base}steps/"],
        "onboarding:amend": [f"{base}amend/"],
        "onboarding:applications": ["/console/applications/", "/console/applications/?q=没有"],
        "onboarding:application": [f"/console/applications/{pk}/" for pk in rows],
        "onboarding:steps": [f"/console/applications/{moving.pk}/steps/"],
    }


def _bans() -> Paths:
    """Bans in each state: a draft, one in force, one to begin, ended, lifted, annulled."""
    today, day, other = local_date(utc_now()), timedelta(days=1), valid_uscc(9_999)
    draft = drafted(other)
    ended = banned(other, starts_on=years_later(today, -2), now=utc_now())
    begins = banned(other, decided_on=today, starts_on=today + 9 * day, now=utc_now())
    lifted, annulled, holds = (banned(other, starts_on=today - 9 * day, now=utc_now()) for _ in range(3))
    with region_as("yz_region"):
        sanctions.lift_sanction(
            actor=keeper(3), sanction_id=lifted.pk, ground="court", number="（2026）1号", decided_by="测试法院",
            decided_on=today, now=utc_now(),
        )  # fmt: skip
        sanctions.annul_sanction(actor=keeper(3), sanction_id=annulled.pk, reason="录入有误", now=utc_now())
        sanctions.sweep_due(now=utc_now())
    public = [f"/sanctions/{row.pk}/" for row in (ended, begins, lifted, annulled, holds)]
    return {
        "sanctions:sanctions": ["/sanctions/", "/sanctions/?q=没有"],
        "sanctions:sanction": public,
        "sanctions:kept": ["/sanctions/kept/", "/sanctions/kept/?q=没有"],
        "sanctions:one": [f"/sanctions/kept/{row.pk}/" for row in (draft, holds, ended)],
    }


def _agencies(shop: Shop) -> Paths:
    """Agencies at every point of their registration, the manager's own on the list; and what was agreed with it."""
    with region_as("yz_region"):
        return agency_firms.shown(shop.people)


def _scores(shop: Shop) -> Paths:
    """A supplier with a score, an appeal that waits and one that is decided, and a formula that waits."""
    supplier = shop.supplier.pk
    counted_orders(supplier, "good", "good", "refused", "declined", "expired", first=990_000_001)
    seller, region = actor_of(shop.people[Post.SUPPLIER_SALES]), actor_of(shop.people[Post.REGION_SUPERVISOR])
    with region_as("yz_region"):
        scores.recompute(now=utc_now())
        waits, decided = (
            scores.file_appeal(
                actor=seller, outcome_id=outcome(supplier, number).pk, reason="当日停电，已电话说明", now=utc_now()
            )
            for number in (990_000_004, 990_000_005)
        )
        scores.decide_appeal(
            actor=region, appeal_id=decided.pk, action="dismiss", reason="系统已提醒三次", now=utc_now()
        )
        scores.enter_formula(
            actor=region, name="二〇二六年评分办法", document_number="新财购〔2026〕9号",
            valid_from=local_date(utc_now()), weight_declined=20, weight_expired=30, weight_refused=50, orders_min=5,
            window_days=365, appeal_days=30, decide_days=20, now=utc_now(),
        )  # fmt: skip
    good, refused = (outcome(supplier, number).pk for number in (990_000_001, 990_000_003))
    return {
        "scores:scores": ["/scores/", "/scores/?q=没有"],
        "scores:appeals": ["/scores/appeals/", "/scores/appeals/?state=withdrawn"],
        "scores:appeal": [f"/scores/appeals/{one.pk}/" for one in (waits, decided)],
        "scores:formula": ["/scores/formulas/0/", "/scores/formulas/1/"],
        "scores:own": ["/supplier/score/", "/supplier/score/?part=expired"],
        "scores:file_appeal": [f"/supplier/score/orders/{pk}/appeal/" for pk in (good, refused)],
        "scores:own_appeal": [f"/supplier/score/appeals/{one.pk}/" for one in (waits, decided)],
    }


def _job(shop: Shop) -> Paths:
    """A job over both malls, as it stands before the worker takes it up."""
    with region_as("yz_region"):
        actor = actor_of(shop.people[Post.REGION_SUPERVISOR])
        job = order_job(actor=actor, action=JobAction.CHECK, codes=[A, "990002"], now=utc_now())
    return {"job": [f"/console/jobs/{job.pk}/"], "job_progress": [f"/console/jobs/{job.pk}/progress/"]}


def _tables(shop: Shop) -> dict[tuple[str, Post], list[str]]:
    """A supplier's table of offers with right and wrong rows, before it is confirmed."""
    with region_as("yz_region"):
        sellers = [post for post in (Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES) if post in shop.people]
        content = as_csv([offer_row("A-1", shop.offer.product.code, "19.00"), offer_row("A-2", "NONE")])
        actor = actor_of(shop.people[sellers[0]])
        row = receive_table(actor=actor, kind="offers", name="报价.csv", content=content, now=utc_now())
        hook = make_webhook(shop.supplier, shop.people[sellers[0]])
    base = f"imports/{row.pk}/"
    pages = {"import": base, "import_progress": f"{base}progress/", "upload": "tables/offers/"}
    found = {(f"exchange:{name}", post): [f"/exchange/{path}"] for name, path in pages.items() for post in sellers}
    return {**found, ("exchange:webhook", Post.SUPPLIER_ADMIN): [f"/supplier/programs/webhooks/{hook.pk}/"]}


def _shipped_version() -> RuleVersion:
    return RuleVersion.objects.filter(is_demo=True).order_by("pk")[0]


def _letters(shop: Shop) -> Paths:
    """The links somebody was sent: an invitation, and a new password."""
    admin = shop.people[Post.SUPPLIER_ADMIN]
    with region_as("yz_region"):
        invite(
            actor=actor_of(admin), organisation_id=admin.memberships.get().organisation_id, name="测试庚",
            email="geng@example.com", posts=[Post.SUPPLIER_SALES], now=utc_now(),
        )  # fmt: skip
        asked = make_user(name="测试辛", email="xin@example.com")
    Client(HTTP_HOST="localhost").post("/password-reset/", {"email": asked.email})
    found = "\n".join(str(letter.body) for letter in letters())
    return {
        "accounts:invitation": re.findall(r"(/invitations/[^/\s]+/)", found)[:1],
        "accounts:reset": re.findall(r"(/password-reset/[^/\s]+/[^/\s]+/)", found)[:1],
    }
