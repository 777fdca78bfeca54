"""Messages on pages: the list, what is sent to whom and where, and what the region's staff sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.inbox.told import tell_of_time
from shared_apps.messaging import services
from shared_apps.messaging.models import Choice, Contact, Delivery, Message
from shared_apps.messaging.rules import Channel
from tenants.database.context import region_as
from tests.factories.messages import Told, make_told, verify
from tests.factories.people import join, make_organisation, make_user, sign_in
from webkit.latin import latin_words

STATEMENTS_MOST = 12


@pytest.fixture(scope="module")
def told(kept_world: Callable[[], None]) -> Told:
    """A unit and a supplier with messages of every topic, one refused and one given up."""
    told = make_told()
    verify(told.seller, Channel.EMAIL, "bing01@example.com")
    verify(told.seller, Channel.SMS, "13812345678")
    told.event("submitted")
    told.event("approved", state="placed", next_post="supplier_sales", due_at=utc_now() + timedelta(hours=2))
    with region_as("yz_region"):
        tell_of_time(now=utc_now() + timedelta(minutes=70))
        Delivery.objects.update(next_at=utc_now())
        services.send_due()
        Delivery.objects.filter(channel="sms").update(
            state="given_up", reason="unreachable", next_at=None, sent_at=None, reference="", settled_at=utc_now()
        )
    kept_world()
    return told


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    assert answer.status_code >= 300 or latin_words(found) == []
    return found


def staff_client(post: Post = Post.PLATFORM_OPERATOR) -> Client:
    staff = make_user(name="测试运维")
    join(staff, make_organisation("platform" if post == Post.PLATFORM_OPERATOR else "region_finance"), [post])
    return sign_in(Client(), staff)


def test_messages_are_read_one_by_one_and_all(told: Told, django_assert_max_num_queries: Any) -> None:
    client = sign_in(Client(), told.seller)
    assert text(client.get("/messages/badge/")) == "2"
    with django_assert_max_num_queries(STATEMENTS_MOST):
        page = text(client.get("/messages/"))
    assert "时限已用 50%：" in page
    assert page.count("标为已读") == 3, "two messages, and the button for all"
    first, second = re.findall(r"/messages/(\d+)/read/", page)
    assert client.post(f"/messages/{first}/read/").status_code == 303
    assert text(client.get("/messages/badge/")) == "1"
    assert f"/messages/{second}/read/" in text(client.get("/messages/?state=unread"))
    assert client.post("/messages/read/", {"upto": first}).status_code == 303
    assert text(client.get("/messages/badge/")) == ""
    assert "已全部阅读" in text(client.get("/messages/?state=unread"))
    assert "没有符合筛选条件" in text(client.get("/messages/?q=XX"))
    assert "时限已用" not in text(client.get("/messages/?topic=to_do"))
    exported = client.get("/messages/export.csv?topic=deadline")
    assert exported.content.decode().count("\n") == 2
    away = client.post(f"/messages/{first}/open/")
    assert away.status_code == 303
    assert "/enter/?ticket=" in away["Location"]
    other = sign_in(Client(), told.clerk)
    for path in (f"/messages/{first}/read/", f"/messages/{first}/open/"):
        assert other.post(path).status_code == 404
    assert "订单已审批并下达" in text(other.get("/messages/"))
    nobody = sign_in(Client(), make_user())
    assert "暂无消息" in text(nobody.get("/messages/"))


def test_an_address_is_verified_on_the_page_and_removed(told: Told) -> None:
    client = sign_in(Client(), told.clerk)
    page = text(client.get("/messages/settings/"))
    assert "未接入发送通道" in page
    answer = client.post("/messages/settings/sms/ask/", {"address": "138-1234"})
    assert (answer.status_code, "十一位手机号码" in text(answer)) == (400, True)
    assert client.post("/messages/settings/sms/ask/", {"address": "13900001111"}).status_code == 303
    page = text(client.get("/messages/settings/"))
    code = re.search(r"演示验证码： <code>(\d{6})</code>", page)
    assert code is not None
    wrong = f"{(int(code[1]) + 1) % 10**6:06}"
    answer = client.post("/messages/settings/sms/confirm/", {"code": wrong})
    assert (answer.status_code, "不正确或已失效" in text(answer)) == (409, True)
    assert client.post("/messages/settings/sms/confirm/", {"code": code[1]}).status_code == 303
    assert Contact.objects.get(user_id=told.clerk.pk).address == "13900001111"
    assert client.post("/messages/settings/sms/remove/").status_code == 303
    assert client.post("/messages/settings/sms/remove/").status_code == 404
    assert client.post("/messages/settings/fax/ask/", {"address": "1"}).status_code == 404


def test_choices_and_quiet_hours_are_kept(told: Told) -> None:
    client = sign_in(Client(), told.clerk)
    sent = {"wanted": ["news:sms"], "quiet_from": "12:00", "quiet_until": ""}
    assert client.post("/messages/settings/choices/", sent).status_code == 400
    assert client.post("/messages/settings/choices/", {**sent, "quiet_until": "13:30"}).status_code == 303
    page = text(client.get("/messages/settings/"))
    assert re.findall(r'value="(\w+:\w+)" checked', page) == ["news:sms"]
    assert 'value="13:30"' in page
    assert Choice.objects.filter(user_id=told.clerk.pk, is_wanted=True).count() == 1


def test_staff_see_why_and_send_once_more(told: Told, django_assert_max_num_queries: Any) -> None:
    client = staff_client()
    with django_assert_max_num_queries(STATEMENTS_MOST):
        page = text(client.get("/console/messages/"))
    assert "13812345678" not in page
    assert "138****5678" in page
    assert "未能连接发送通道" in page
    assert "号码或邮箱不存在" in page
    assert "建议值，未核实" in page
    row = Delivery.objects.get(state="given_up")
    assert client.post(f"/console/messages/{row.pk}/retry/").status_code == 303
    assert client.post(f"/console/messages/{row.pk}/retry/").status_code == 409
    assert "没有符合筛选条件" in text(client.get("/console/messages/?state=given_up"))
    assert "138****5678" in client.get("/console/messages/export.csv").content.decode()
    cap = {"channel": "sms", "per_person": "5", "altogether": "3", "reason": "演练"}
    assert client.post("/console/messages/caps/", cap).status_code == 400
    assert client.post("/console/messages/caps/", {**cap, "altogether": "900"}).status_code == 303
    assert "每人每天最多 5 条，合计最多 900 条" in text(client.get("/console/messages/"))
    page = text(client.get("/console/messages/texts/"))
    assert "【一张网】" in page
    assert "[" not in re.sub(r"<[^>]*>", "", page).replace("[DEMO]", "")
    watcher = staff_client(Post.REGION_SUPERVISOR)
    assert "重新发送" not in text(watcher.get("/console/messages/"))
    assert watcher.post(f"/console/messages/{row.pk}/retry/").status_code == 403
    assert sign_in(Client(), told.seller).get("/console/messages/").status_code == 403


def test_a_message_of_what_did_not_stay_leads_nowhere(told: Told) -> None:
    Message.objects.filter(user_id=told.seller.pk).update(withdrawn_at=utc_now())
    client = sign_in(Client(), told.seller)
    page = text(client.get("/messages/"))
    assert "该事项未保留" in page
    row = Message.objects.filter(user_id=told.seller.pk)[0]
    assert client.post(f"/messages/{row.pk}/open/").status_code == 409


def test_programs_do_the_same(told: Told) -> None:
    client = sign_in(Client(), told.seller)

    def post(path: str, **body: Any) -> Any:
        return client.post(f"/api/v1/messages/{path}", body, content_type="application/json")

    found = client.get("/api/v1/messages/?topic=deadline").json()
    assert [(one["percent"], one["number"]) for one in found["items"]] == [(50, "DD99000120261123000007")]
    assert found["unread_count"] == 2
    newest = found["items"][0]["id"]
    assert post(f"{newest}/open/").json()["url"].startswith("http://990001.localhost")
    assert post("read/", upto=newest).json() == {"read": 1}
    own = client.get("/api/v1/messages/settings/").json()
    addresses = [(one["channel"], one["address"]) for one in own["contacts"]]
    assert addresses == [("email", "bing01@example.com"), ("sms", "13812345678")]
    assert "shown_code" not in own["contacts"][0]
    changed = post("choices/", wanted=["news:email"], quiet_from="22:30", quiet_until="07:00").json()
    assert (changed["wanted"], changed["quiet_until"]) == (["news:email"], "07:00")
    assert post("contacts/remove/", channel="sms").status_code == 204
    assert not Contact.objects.filter(channel="sms").exists()
    sent = staff_client().get("/api/v1/messages/deliveries/?state=refused").json()["items"]
    assert [(one["channel"], one["address"]) for one in sent] == [("email", "b***@example.com")] * 2
