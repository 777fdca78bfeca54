"""Loads the demonstration's agencies through the services; a second loading changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from stdnum.cn import uscc

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.accounts import selectors as people
from shared_apps.accounts import services as accounts
from shared_apps.accounts.roster import DEMO_PASSWORD
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.agencies import services
from shared_apps.agencies.models import Agency, Agreement
from shared_apps.agencies.rules.content import Content, FileKind
from shared_apps.agencies.selectors.agreements import purchasers

# The smallest file that the region keeps as a PDF.
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_STAFF = ("演示甲", "演示乙", "演示丙", "演示丁", "演示戊")
_FIRST, _GUEST, _WAITING = (
    Content(
        name="演示·天平招标代理有限公司", legal_representative="演示天平", address="乌鲁木齐市天山区演示路31号",
        contact_name="演示联系人", contact_phone="0991-0000031", division_code="650102",
        office_address="乌鲁木齐市天山区演示路31号8层", office_is_independent=True, has_review_room=True,
        review_room_address="乌鲁木齐市天山区演示路31号9层", has_recording=True,
    ),
    Content(
        name="演示·蜀道工程咨询有限公司", legal_representative="演示蜀道", address="成都市演示路32号",
        contact_name="演示联系人", contact_phone="028-00000032", home_province="510000",
    ),
    Content(
        name="演示·昌吉惠采招标代理有限公司", legal_representative="演示惠采", address="昌吉市演示路33号",
        contact_name="演示联系人", contact_phone="0994-0000033", division_code="652301",
        office_address="昌吉市演示路33号2层", office_is_independent=True,
    ),
)  # fmt: skip
# Organisation code (empty: by credit code), sign-in name of the manager, content. The first is the roster's own.
_AGENCIES = (("DEMO-AGENCY-1", "dl-jingli", _FIRST), ("", "dl-shudao", _GUEST), ("", "dl-huicai", _WAITING))


def code(number: int) -> str:
    """A plainly synthetic credit code with a right check digit."""
    body = f"91650100DEMAG{number:04}"
    return body + str(uscc.calc_check_digit(body))


def load(now: datetime) -> None:
    """Two agencies on the name list, one that waits for the desk; an agreement and a check of the first."""
    region = _actor("quting")
    for number, (organisation, username, content) in enumerate(_AGENCIES, start=1):
        if Agency.objects.filter(uscc=code(number)).exists():
            continue
        manager = _manager(organisation or code(number), username, content.name, now)
        agency = services.open_for_organisation(
            actor=SYSTEM, organisation_id=manager.held[0].organisation_id, uscc=code(number), name=content.name,
            contact_name=content.contact_name, contact_email=f"{username}@demo.example", now=now, is_demo=True,
        )  # fmt: skip
        _fill_in(manager, content, now)
        if content is not _WAITING:
            agency.refresh_from_db()
            services.publish(actor=region, agency_id=agency.pk, version=agency.version, now=now)
    _agree(now)


def _actor(username: str) -> Actor:
    user = people.user_by_id(user_id=people.user_ids(usernames=[username])[username])
    if user is None:
        raise NotFound(user=username)
    return people.visitor_of(user=user).actor


def _manager(organisation_code: str, username: str, name: str, now: datetime) -> Actor:
    """The agency's manager, acting for it; made where the roster has none."""
    if username not in people.user_ids(usernames=[username]):
        organisation = accounts.create_organisation(
            actor=SYSTEM, kind=OrganisationKind.AGENCY, code=organisation_code, name=name, tenant_code=None, now=now
        )
        user = accounts.create_user(
            actor=SYSTEM, username=username, name="代理负责人（演示）", email=f"{username}@demo.example",
            password=DEMO_PASSWORD, now=now,
        )  # fmt: skip
        accounts.add_membership(
            actor=SYSTEM, user_id=user.pk, organisation_id=organisation.pk, posts=[Post.AGENCY_MANAGER], now=now
        )
    actor = _actor(username)
    return replace(actor, held=tuple(held for held in actor.held if held.post == Post.AGENCY_MANAGER))


def _fill_in(manager: Actor, content: Content, now: datetime) -> None:
    services.save_content(actor=manager, content=content, now=now)
    kinds = [FileKind.LICENCE]
    if content.is_local:
        kinds.append(FileKind.OFFICE)
        for name in _STAFF:
            services.add_staff(actor=manager, name=name, joined_on=date(2025, 3, 3), now=now)
    if content.has_review_room:
        kinds.append(FileKind.REVIEW_ROOM)
    for kind in kinds:
        services.add_file(actor=manager, kind=kind, name="演示材料.pdf", content=_PDF, now=now)
    services.submit(actor=manager, now=now)


def _agree(now: datetime) -> None:
    """Changji's bureau keeps the record of an agreement that the agency is at work on."""
    bureau = _actor("cj-caizheng")
    units = purchasers(actor=bureau)
    if not units or Agreement.objects.filter(purchaser_id=units[0].pk).exists():
        return
    today = local_date(now)
    agreement = services.file_agreement(
        actor=bureau, purchaser_id=units[0].pk, uscc=code(1), now=now,
        terms=services.Terms(
            subject="演示·教学设备公开招标", scope="编制采购文件、组织开标评审",
            powers="以采购人名义发布公告、答复询问",
            signed_on=today, starts_on=today, ends_on=today + timedelta(days=180),
            files_clause="代理机构保管，项目结束后移交采购人", fee_rule="由中标供应商支付，按双方约定标准",
            ending_clause="任务完成或双方协商终止", breach_clause="按约定承担违约责任",
        ),
    )  # fmt: skip
    services.start_agreement(actor=bureau, agreement_id=agreement.pk, now=now)
