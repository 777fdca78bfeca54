"""Agencies at every point of their registration, through the services."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from stdnum.cn import uscc

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.agencies import services
from shared_apps.agencies.models import Agency, Agreement
from shared_apps.agencies.rules.content import Content, FileKind
from shared_apps.inbox.models import PostHeld
from tenants.database.context import region_as
from tests.factories import files
from tests.factories.people import actor_of, join, make_organisation, make_user

_numbers = itertools.count(1)
STAFF = ("甲员工", "乙员工", "丙员工", "丁员工", "戊员工")


def code(number: int) -> str:
    """A credit code with a right check digit, plainly made up."""
    body = f"91650100TEXAG{number:04}"
    return body + str(uscc.calc_check_digit(body))


def content(**changes: Any) -> Content:
    values: dict[str, Any] = {
        "name": "测试·公平招标代理有限公司",
        "legal_representative": "测试法人",
        "address": "乌鲁木齐市测试路1号",
        "contact_name": "测试联系人",
        "contact_phone": "0991-1234567",
        "division_code": "650102",
        "office_address": "乌鲁木齐市天山区测试路1号5楼",
        "office_is_independent": True,
        "has_review_room": True,
        "review_room_address": "乌鲁木齐市天山区测试路1号6楼",
        "has_recording": True,
    }
    return Content(**(values | changes))


@dataclass
class Firm:
    """An agency with its organisation and its manager."""

    agency: Agency
    organisation: Organisation
    manager: User

    @property
    def actor(self) -> Actor:
        return actor_of(self.manager)

    def fresh(self) -> Agency:
        self.agency.refresh_from_db()
        return self.agency


def region_supervisor() -> User:
    """Somebody at the region's desk."""
    user = make_user(name="测试厅监管")
    found = Organisation.objects.filter(kind=OrganisationKind.REGION_FINANCE).first()
    join(user, found or make_organisation("region_finance", "650000", "财政厅（测试）"), [Post.REGION_SUPERVISOR])
    return user


def opened(*, organisation: Organisation | None = None, manager: User | None = None, **changes: Any) -> Firm:
    """A draft with nothing in it; its manager has accepted the invitation."""
    number = next(_numbers)
    name = str(changes.get("name") or content().name)
    organisation = organisation or make_organisation("agency", code(number), name)
    if manager is None:
        manager = make_user(name="测试经理")
        join(manager, organisation, [Post.AGENCY_MANAGER])
    with region_as("yz_region"):
        agency = services.open_for_organisation(
            actor=SYSTEM, organisation_id=organisation.pk, uscc=code(number), name=name, contact_name="测试联系人",
            contact_email=f"agency{number}@example.com", now=utc_now(),
        )  # fmt: skip
    return Firm(agency, organisation, manager)


def filled(**changes: Any) -> Firm:
    """A draft that lacks nothing."""
    firm = opened(**{key: changes.pop(key) for key in ("organisation", "manager") if key in changes}, **changes)
    with region_as("yz_region"):
        services.save_content(actor=firm.actor, content=content(**changes), now=utc_now())
        for name in STAFF:
            services.add_staff(actor=firm.actor, name=name, joined_on=date(2025, 3, 3), now=utc_now())
        for kind in (FileKind.LICENCE, FileKind.OFFICE, FileKind.REVIEW_ROOM):
            services.add_file(actor=firm.actor, kind=kind, name=f"{kind}.pdf", content=files.pdf(kind), now=utc_now())
    firm.fresh()
    return firm


def submitted(**changes: Any) -> Firm:
    firm = filled(**changes)
    with region_as("yz_region"):
        firm.agency = services.submit(actor=firm.actor, now=utc_now())
    return firm


def returned(**changes: Any) -> Firm:
    firm = submitted(**changes)
    with region_as("yz_region"):
        firm.agency = services.return_registration(
            actor=actor_of(region_supervisor()), agency_id=firm.agency.pk, version=firm.agency.version,
            reasons={"address": "与营业执照不一致"}, now=utc_now(),
        )  # fmt: skip
    return firm


def published(**changes: Any) -> Firm:
    firm = submitted(**changes)
    with region_as("yz_region"):
        firm.agency = services.publish(
            actor=actor_of(region_supervisor()), agency_id=firm.agency.pk, version=firm.agency.version, now=utc_now()
        )
    return firm


def terms(**changes: Any) -> services.Terms:
    values: dict[str, Any] = {
        "subject": "教学设备公开招标",
        "scope": "编制采购文件、组织开标评审",
        "powers": "以采购人名义发布公告",
        "signed_on": date(2026, 6, 1),
        "starts_on": date(2026, 6, 2),
        "ends_on": date(2026, 12, 31),
        "files_clause": "代理机构保管，项目结束移交采购人",
        "fee_rule": "由中标供应商支付，按约定标准",
        "ending_clause": "任务完成或双方协商终止",
        "breach_clause": "按合同约定承担违约责任",
    }
    return services.Terms(**(values | changes))


@dataclass
class Buyer:
    """A budget unit with its administrator and its bureau's supervisor, as the region knows them."""

    unit: Organisation
    administrator: User
    supervisor: User

    def agreement(self, firm: Firm, *, now: Any = None, started: bool = False, **changes: Any) -> Agreement:
        with region_as("yz_region"):
            found = services.file_agreement(
                actor=actor_of(self.administrator), purchaser_id=self.unit.pk, uscc=firm.agency.uscc,
                terms=terms(**changes), now=now or utc_now(),
            )  # fmt: skip
            if started:
                services.start_agreement(
                    actor=actor_of(self.administrator), agreement_id=found.pk, now=now or utc_now()
                )
        found.refresh_from_db()
        return found


def buyer(tenant: str = "990001", *, supervisor: User | None = None) -> Buyer:
    """Posts in the malls are known to the region from their journals: here they are noted as the relay would."""
    unit = make_organisation("budget_unit", None, "测试第一中学", tenant)
    administrator = make_user(name="测试单位管理员")
    join(administrator, unit)
    PostHeld.objects.create(
        tenant_code=tenant, user_id=administrator.pk, name=administrator.name, organisation_id=unit.pk, unit_id=1,
        post=Post.UNIT_ADMINISTRATOR,
    )  # fmt: skip
    if supervisor is None:
        supervisor = make_user(name="测试财政监管")
        found = Organisation.objects.filter(kind=OrganisationKind.FINANCE_BUREAU, tenant_code=tenant).first()
        join(
            supervisor, found or make_organisation("finance_bureau", None, "测试财政局", tenant),
            [Post.TIER_SUPERVISOR],
        )  # fmt: skip
    return Buyer(unit, administrator, supervisor)


def supplier_admin(number: int = 801) -> User:
    """The administrator of a supplier's organisation, which goes by its credit code."""
    user = make_user(name="测试供应商管理员")
    join(user, make_organisation("supplier", code(number), f"测试供应商{number}"), [Post.SUPPLIER_ADMIN])
    return user


def shown(people: Mapping[Post, User]) -> dict[str, list[str]]:
    """What the pages of the library have to show, and at which addresses: for the walk over every page."""
    manager, clerk = people[Post.AGENCY_MANAGER], people[Post.AGENCY_CLERK]
    listed = published(organisation=manager.memberships.get().organisation, manager=manager)
    filled(organisation=clerk.memberships.get().organisation, manager=clerk)
    waiting, sent_back = submitted(), returned()
    services.report_change(
        actor=listed.actor, content=content(address="测试新址"), now=utc_now(),
        happened_on=local_date(utc_now()) - timedelta(days=60),
    )  # fmt: skip
    # The mall's journal has told the region who administers the unit.
    administrator = people[Post.UNIT_ADMINISTRATOR]
    unit = Buyer(administrator.memberships.get().organisation, administrator, people[Post.TIER_SUPERVISOR])
    done, begun = unit.agreement(listed, started=True), unit.agreement(listed, started=True)
    actor = actor_of(unit.administrator)
    services.complete_agreement(actor=actor, agreement_id=done.pk, supplier_codes=[], now=utc_now())
    given = services.evaluate(actor=actor, agreement_id=done.pk, score=2, comment="资料不全", now=utc_now())
    services.appeal_evaluation(actor=listed.actor, evaluation_id=given.pk, reason="与事实不符", now=utc_now())
    base = "/library/review/agencies/"
    return _checked(people, [listed, published()]) | {
        "agencies:agencies": ["/agencies/", "/agencies/?q=没有"],
        "agencies:agency": [f"/agencies/{listed.agency.pk}/"],
        "agencies:desk": [base, f"{base}?tab=late", f"{base}?q=没有"],
        "agencies:registration": [f"{base}{firm.agency.pk}/" for firm in (listed, waiting, sent_back)],
        "agencies:agreements": ["/agency-agreements/", "/agency-agreements/?q=没有"],
        "agencies:agreement": [f"/agency-agreements/{row.pk}/" for row in (done, begun)],
    }


def commissioned(people: Mapping[Post, User], *, marker: str) -> dict[str, list[int]]:
    """A mall's own agreements, with its marker in them: one done and evaluated, one on file. Their ids by parameter."""
    manager, administrator = people[Post.AGENCY_MANAGER], people[Post.UNIT_ADMINISTRATOR]
    firm = published(organisation=manager.memberships.get().organisation, manager=manager)
    unit = Buyer(administrator.memberships.get().organisation, administrator, people[Post.TIER_SUPERVISOR])
    told = {name: f"{marker}{name}" for name in ("subject", "scope", "powers", "files_clause", "fee_rule")}
    done, filed = unit.agreement(firm, started=True, **told), unit.agreement(firm, **told)
    actor = actor_of(administrator)
    with region_as("yz_region"):
        services.complete_agreement(actor=actor, agreement_id=done.pk, supplier_codes=[], now=utc_now())
        given = services.evaluate(actor=actor, agreement_id=done.pk, score=2, comment=f"{marker}评语", now=utc_now())
        services.appeal_evaluation(actor=firm.actor, evaluation_id=given.pk, reason=f"{marker}申诉", now=utc_now())
    return {"agreement_id": [done.pk, filed.pk], "evaluation_id": [given.pk]}


def _checked(people: Mapping[Post, User], firms: Sequence[Firm]) -> dict[str, list[str]]:
    """A plan with a draw: the manager's agency has something to mend, another waits to be checked."""
    actor = actor_of(people[Post.REGION_SUPERVISOR])
    plan = services.make_plan(actor=actor, owner_code="", year=2026, title="年度监督检查", note="", now=utc_now())
    listed = services.order_check(
        actor=actor, plan_id=plan.pk, uscc=firms[0].agency.uscc, reason="群众来信", now=utc_now()
    )
    draw = services.draw_checks(actor=actor, plan_id=plan.pk, wanted=1, now=utc_now())
    services.record_check(
        actor=actor, check_id=listed.pk, findings=["recording"], not_applicable=["fee"], notes="缺录像",
        due_on=local_date(utc_now()) + timedelta(days=20), now=utc_now(),
    )  # fmt: skip
    waiting = draw.checks.get()
    return {
        "agencies:plan": [f"/agency-checks/plans/{plan.pk}/"],
        "agencies:draw": [f"/agency-checks/draws/{draw.pk}/"],
        "agencies:check": [f"/agency-checks/{row.pk}/" for row in (listed, waiting)],
    }
