"""Messages: who is told of what, once; where it is sent, when, how often; and what a lost answer costs."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError

from kernel.clock import utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from shared_apps.inbox.told import tell_of_time
from shared_apps.messaging import selectors, services
from shared_apps.messaging.models import Contact, Delivery, Message, SimulatedLetter, Verification
from shared_apps.messaging.provider import Letter, Outcome, ProviderUnavailable, Receipt, Status
from shared_apps.messaging.restoring import rebuild
from shared_apps.messaging.rules import (
    CODE_TRIES_MAX,
    CODES_OF_ADDRESS,
    CODES_OF_PERSON,
    RETRY_AFTER,
    Channel,
    Topic,
    send_from,
)
from shared_apps.messaging.services import sending
from shared_apps.messaging.services.contacts import TooManyCodes, WrongCode
from shared_apps.messaging.services.reading import MessageWithdrawn
from shared_apps.messaging.simulators import SimulatedSms
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import RELAY
from tenants.journaling.models import RelayCursor
from tenants.journaling.restoring import RestoredJournal
from tests.database import admin
from tests.factories.messages import A, Told, hold, make_told, verify
from tests.factories.people import actor_of, join, make_organisation, make_user
from tests.factories.relayed import relay_tenant

PHONE = "13800000090"


@pytest.fixture
def told(room: None) -> Told:
    return make_told()


def listed(user: Any, **wanted: Any) -> list[tuple[str, str]]:
    with region_as("yz_region"):
        return [(one.topic, one.word) for one in selectors.message_page(actor=actor_of(user), **wanted).items]


def send() -> int:
    """Everything that waits is due, and is handed over."""
    with region_as("yz_region"):
        Delivery.objects.filter(state="waiting").update(next_at=utc_now())
        return services.send_due()


def ask() -> int:
    with region_as("yz_region"):
        Delivery.objects.filter(state="sent", next_at__isnull=False).update(next_at=utc_now())
        SimulatedLetter.objects.update(received_at=utc_now() - timedelta(minutes=1))
        return services.ask_due()


def test_who_must_act_is_told_of_the_step_and_the_others_of_what_happened(told: Told) -> None:
    told.event("submitted")
    assert listed(told.approver) == [("to_do", "pending_approval")]
    assert listed(told.clerk) == listed(told.seller) == []
    told.event("approved", state="placed", next_post="supplier_sales", due_at=utc_now() + timedelta(days=2))
    assert listed(told.clerk) == [("news", "orders.approved")]
    assert listed(told.seller) == [("to_do", "placed")]
    # The supplier answers: the clerk learns it, who answered and the others of the firm wait for their own next step.
    told.event("declined", state="declined", next_post=None, reason="张三说没有货")
    assert listed(told.clerk)[0] == ("news", "orders.declined")
    message = Message.objects.get(user_id=told.clerk.pk, word="orders.declined")
    assert set(message.facts) == {"order_number", "unit_name", "supplier_name"}, "no reason, no amount"


def test_a_step_that_waits_as_before_is_not_told_again(told: Told) -> None:
    for name in ("goods_accepted", "invoiced", "invoice_reversed"):
        hold(told, told.approver, Post.BUYER_PAYER) if name == "goods_accepted" else None
        told.event(name, state="goods_accepted", next_post="buyer_payer")
    assert listed(told.approver) == [("to_do", "goods_accepted")]


def test_a_journal_relayed_twice_and_events_of_practice_tell_nothing_new(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    told.event("submitted")
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)
    with region_as(RELAY):
        RelayCursor.objects.update(cut_off=0)
    assert relay_tenant(A) == 0
    # Even without the relay's receipt the message is there once.
    from shared_apps.inbox.models import InboxItem
    from shared_apps.messaging import following

    item = InboxItem.objects.get()
    with region_as(RELAY), region_atomic():
        following.tell(
            people=following.asked_by(item), item=item, topic=Topic.TO_DO, word=item.step, at=item.created_at
        )
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)
    monkeypatch.setattr("shared_apps.inbox.consumers.is_practice", lambda code: True)
    told.event("approved", state="placed", next_post="supplier_sales")
    assert Message.objects.count() == 1


def test_a_practice_mall_s_message_never_leaves_the_house(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    monkeypatch.setattr("shared_apps.messaging.services.telling.is_practice", lambda code: True)
    told.event("submitted")
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 0)
    # And one that was queued before somebody looked is not handed over.
    monkeypatch.undo()
    told.event("step_approved", waits_for=[{"post": "buyer_approver", "user_ids": [told.approver.pk]}])
    monkeypatch.setattr(sending, "is_practice", lambda code: True)
    send()
    assert SimulatedLetter.objects.count() == 0
    assert Delivery.objects.get().reason == "taken-back"


def test_named_steps_and_deputies_reach_those_who_may_act(told: Told) -> None:
    second, deputy, stranger = make_user(), make_user(), make_user()
    for user in (second, deputy, stranger):
        join(user, told.unit, [])
    hold(told, second, Post.BUYER_APPROVER)
    hold(told, told.clerk, Post.BUYER_APPROVER)
    hold(told, deputy, Post.BUYER_APPROVER, deputy_for=second)
    hold(told, stranger, Post.BUYER_APPROVER, deputy_for=told.clerk)

    from shared_apps.inbox.selectors import open_count

    def who() -> set[int]:
        """Whose to-do list has the step; the messages say the same."""
        people = (told.clerk, told.approver, second, deputy, stranger)
        with region_as("yz_region"):
            return {user.pk for user in people if open_count(actor=actor_of(user))}

    def newly() -> set[int]:
        new = set(Message.objects.filter(topic="to_do", read_at=None).values_list("user_id", flat=True))
        Message.objects.update(read_at=utc_now())
        return new

    told.event("submitted")
    # All approvers, but neither the clerk nor who stands in for the clerk.
    assert who() == newly() == {told.approver.pk, second.pk, deputy.pk}
    named = [{"post": "buyer_approver", "user_ids": [second.pk]}]
    told.event("step_approved", waits_for=named, taken_by=[told.approver.pk])
    assert who() == newly() == {second.pk, deputy.pk}
    anybody = [{"post": "buyer_approver", "user_ids": []}]
    told.event("step_approved", waits_for=anybody, taken_by=[told.approver.pk, second.pk])
    assert who() == newly() == {deputy.pk}
    told.event("sent_back", state="sent_back", next_post="buyer_clerk")
    assert who() == newly() == {told.clerk.pk}, "only the clerk who submitted it mends it"


def test_steps_at_the_same_time_are_told_to_each_post(told: Told) -> None:
    payer = make_user()
    join(payer, told.unit, [])
    hold(told, payer, Post.BUYER_PAYER)
    both = [{"post": "buyer_payer", "user_ids": []}, {"post": "buyer_approver", "user_ids": []}]
    told.event("submitted", next_post="buyer_payer", waits_for=both)
    assert listed(payer) == listed(told.approver) == [("to_do", "pending_approval")]


def test_half_four_fifths_and_all_of_the_time_are_told_once_each(told: Told) -> None:
    begins = utc_now()
    due = begins + timedelta(hours=100)
    told.event("approved", state="placed", next_post="supplier_sales", due_at=due)

    def percents(now: datetime) -> list[int]:
        with region_as("yz_region"):
            tell_of_time(now=now)
        rows = Message.objects.filter(topic="deadline", user_id=told.seller.pk).order_by("pk")
        return list(rows.values_list("percent", flat=True))

    assert percents(begins + timedelta(hours=49)) == []
    assert percents(begins + timedelta(hours=51)) == [50]
    assert percents(begins + timedelta(hours=79)) == [50]
    # The contract changes nothing about the day that was promised: the time runs on.
    told.event("contract_signed", state="contracted", next_post="supplier_sales", due_at=due)
    assert percents(begins + timedelta(hours=81)) == [50, 80]
    assert percents(due) == [50, 80, 100], "equality is late"
    assert percents(due + timedelta(days=9)) == [50, 80, 100]
    told.event("shipped", state="shipped", next_post="buyer_acceptor")
    assert percents(due + timedelta(days=10)) == [50, 80, 100]


def test_after_a_standstill_only_the_last_warning_is_told_and_none_of_a_step_that_was_taken(told: Told) -> None:
    due = utc_now() + timedelta(hours=10)
    told.event("approved", state="placed", next_post="supplier_sales", due_at=due)
    with region_as("yz_region"):
        tell_of_time(now=due + timedelta(days=1))
    assert list(Message.objects.filter(topic="deadline").values_list("percent", flat=True)) == [100]


def test_one_s_own_messages_read_filter_and_turn_pages(told: Told) -> None:
    for number in range(1, 6):
        write = {"order_id": number, "order_number": f"DD9900012026112300000{number}"}
        told.event("submitted", **write)
    actor = actor_of(told.approver)
    with region_as("yz_region"):
        first = selectors.message_page(actor=actor, rows_max=2)
        second = selectors.message_page(actor=actor, rows_max=2, before=first.next_before)
        assert [one.number[-1] for one in (*first.items, *second.items)] == ["5", "4", "3", "2"]
        assert [one.number[-1] for one in selectors.message_page(actor=actor, search="000003").items] == ["3"]
        services.read_message(actor=actor, message_id=first.items[0].id, now=utc_now())
        assert selectors.unread_count(actor=actor) == 4
        told_later = Message.objects.order_by("-pk")[0].pk
        Message.objects.filter(pk=told_later).update(read_at=None)
        assert services.read_all(actor=actor, upto=told_later - 1, now=utc_now()) == 4
        assert [one.id for one in selectors.message_page(actor=actor, unread=True).items] == [told_later]
        with pytest.raises(NotFound):
            services.read_message(actor=actor_of(told.clerk), message_id=told_later, now=utc_now())
    # Who has left the organisation reads nothing of it any more.
    told.approver.memberships.update(ended_at=utc_now())
    assert listed(told.approver) == []


def test_a_message_goes_where_it_is_wanted_and_arrives(told: Told) -> None:
    actor = verify(told.approver, Channel.EMAIL, "yi@example.com")
    verify(told.approver, Channel.SMS, PHONE)
    told.event("submitted")
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["email"], "short messages only of deadlines"
    with region_as("yz_region"):
        services.change_choices(
            actor=actor, wanted={(Topic.TO_DO, Channel.SMS)}, quiet_from=None, quiet_until=None, now=utc_now()
        )
    told.event("submitted", order_id=8)
    assert list(Delivery.objects.order_by("pk").values_list("channel", flat=True)) == ["email", "sms"]
    assert send() == 2
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
    ask()
    assert set(Delivery.objects.values_list("state", "next_at")) == {("delivered", None)}
    assert ask() == 0, "nobody asks about what has arrived"


@pytest.mark.parametrize(
    ("ending", "states"),
    [("01", ["refused"]), ("02", ["sent", "refused"]), ("03", ["waiting"]), ("04", ["waiting", "sent"])],
)
def test_a_carrier_that_refuses_delays_or_loses_its_answer(told: Told, ending: str, states: list[str]) -> None:
    verify(told.seller, Channel.EMAIL, f"bing{ending}@example.com")
    told.event("approved", state="placed", next_post="supplier_sales")
    found = []
    for step in (send, ask if ending == "02" else send)[: len(states)]:
        step()
        found.append(Delivery.objects.get().state)
    assert found == states
    assert SimulatedLetter.objects.count() == (0 if ending == "01" else 1), "entered once, however often it was sent"
    assert (Delivery.objects.get().reason != "") == (states[-1] != "sent")


def test_a_report_that_comes_again_or_says_otherwise_changes_nothing(told: Told) -> None:
    verify(told.seller, Channel.EMAIL, "bing@example.com")
    told.event("approved", state="placed", next_post="supplier_sales")
    send()
    first, again = Delivery.objects.get(), Delivery.objects.get()
    with region_as("yz_region"):
        sending._note_outcome(first, Outcome(Status.DELIVERED))
        settled = Delivery.objects.get().settled_at
        for status in (Status.DELIVERED, Status.REFUSED, Status.PENDING):
            sending._note_outcome(again, Outcome(status, "晚到的答复"))
            again.state = "sent"
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.settled_at) == ("delivered", "", settled)


def test_a_sender_that_dies_between_call_and_answer_sends_nothing_twice(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(told.seller, Channel.SMS, PHONE)
    told.event("approved", state="placed", next_post="supplier_sales", due_at=utc_now() + timedelta(hours=1))
    with region_as("yz_region"):
        tell_of_time(now=utc_now() + timedelta(minutes=31))

    class Died(BaseException):
        """The process is gone: nothing after this line runs."""

    def dies(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_note_answer", dies)
        with pytest.raises(Died):
            send()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.next_at is not None
    assert row.next_at > utc_now() + timedelta(seconds=30), "the lease holds other senders off"
    with region_as("yz_region"):
        assert services.send_due() == 0
    send()
    letter = SimulatedLetter.objects.get()
    assert (letter.times_received, letter.number) == (2, row.number)
    assert Delivery.objects.get().state == "sent"


def test_patience_ends_and_the_operator_sets_it_going_under_the_same_number(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(told.seller, Channel.EMAIL, "bing@example.com")
    told.event("approved", state="placed", next_post="supplier_sales")

    def away(*_: object) -> Receipt:
        raise ProviderUnavailable

    from shared_apps.messaging.simulators import SimulatedEmail

    def outward(state: str) -> Delivery:
        return Delivery.objects.get(state=state, channel="email")

    with monkeypatch.context() as patch:
        patch.setattr(SimulatedEmail, "send", away)
        waits = []
        for _ in RETRY_AFTER:
            before = utc_now()
            send()
            row = outward("waiting")
            assert row.next_at is not None
            waits.append(round((row.next_at - before).total_seconds()))
        assert waits == [round(wait.total_seconds()) for wait in RETRY_AFTER]
        send()
    row = outward("given_up")
    assert (row.reason, row.attempts) == ("unreachable", len(RETRY_AFTER) + 1)
    assert RegionJournalEntry.objects.filter(event="messaging.delivery_given_up").count() == 1
    staff = make_user()
    join(staff, make_organisation("platform"), [Post.PLATFORM_OPERATOR])
    with region_as("yz_region"):
        with pytest.raises(NotPermitted):
            services.retry_delivery(actor=actor_of(told.seller), delivery_id=row.pk, now=utc_now())
        services.retry_delivery(actor=actor_of(staff), delivery_id=row.pk, now=utc_now())
        with pytest.raises(WrongState):
            services.retry_delivery(actor=actor_of(staff), delivery_id=row.pk, now=utc_now())
    send()
    assert outward("sent").number == row.number == SimulatedLetter.objects.get().number


def test_caps_hold_and_say_so(told: Told) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    staff = make_user()
    join(staff, make_organisation("platform"), [Post.PLATFORM_OPERATOR])
    with region_as("yz_region"):
        services.set_cap(
            actor=actor_of(staff), channel=Channel.EMAIL, per_person=2, altogether=3, reason="演练", now=utc_now()
        )
    for number in range(3):
        told.event("submitted", order_id=number + 1)
    assert send() == 3
    assert sorted(Delivery.objects.values_list("state", "reason")) == [
        ("given_up", "cap-person"), ("sent", ""), ("sent", ""),
    ]  # fmt: skip
    verify(told.seller, Channel.EMAIL, "bing@example.com")
    for number in (11, 12):
        told.event("approved", order_id=number, state="placed", next_post="supplier_sales")
    send()
    reasons = Delivery.objects.filter(user_id=told.seller.pk).order_by("pk").values_list("reason", flat=True)
    assert sorted(reasons) == ["", "cap-altogether"]


def test_quiet_hours_put_off_and_addresses_that_are_gone_give_up(told: Told) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com", quiet=True)
    night = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)  # 23:30 in Beijing
    morning = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert send_from(now=night, quiet_from=time(22), quiet_until=time(8)) == morning
    assert send_from(now=night + timedelta(hours=2), quiet_from=time(22), quiet_until=time(8)) == morning
    assert send_from(now=morning, quiet_from=time(22), quiet_until=time(8)) == morning
    noon = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)
    assert send_from(now=noon, quiet_from=time(12), quiet_until=time(13)) == noon + timedelta(minutes=30)
    assert send_from(now=noon, quiet_from=None, quiet_until=None) == noon
    told.event("submitted")
    with region_as("yz_region"):
        services.remove_contact(actor=actor_of(told.approver), channel=Channel.EMAIL, now=utc_now())
    send()
    assert Delivery.objects.get().reason == "no-address"
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    told.event("submitted", order_id=8)
    told.approver.memberships.update(ended_at=utc_now())
    send()
    assert Delivery.objects.order_by("-pk")[0].reason == "left"


def test_what_the_journal_tells_of_long_ago_is_listed_and_not_sent(told: Told) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    told.event("submitted", now=utc_now() - timedelta(days=2))
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 0)


def test_a_mall_set_back_takes_back_what_it_told(told: Told) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    told.event("submitted")
    row = Message.objects.get()
    restored = RestoredJournal(A, f"t{A}", row.epoch + 1, utc_now(), 1)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journaling_lostentry (room, epoch, journal_id, lost_at) VALUES (%s, %s, %s, now())",
            [A, row.epoch, row.journal_id],
        )
    rebuild(restored)
    with region_as("yz_region"), pytest.raises(MessageWithdrawn):
        services.open_message(actor=actor_of(told.approver), message_id=row.pk, now=utc_now())
    send()
    assert (Delivery.objects.get().reason, SimulatedLetter.objects.count()) == ("taken-back", 0)
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM journaling_lostentry")
    rebuild(restored)
    assert Message.objects.get().withdrawn_at is None


# -- addresses -------------------------------------------------------------------------------------------------------
def test_a_code_is_good_once_for_its_person_until_it_runs_out(told: Told) -> None:
    from shared_apps.messaging.codes import code_of

    actor, now = actor_of(told.clerk), utc_now()
    with region_as("yz_region"):
        row = services.ask_code(actor=actor, channel=Channel.SMS, address=PHONE, now=now)
        code = code_of(verification_id=row.pk, salt=row.salt)
        wrong = f"{(int(code) + 1) % 10**6:06}"
        for who, typed, moment in (
            (actor, wrong, now), (actor_of(told.seller), code, now), (actor, code, row.expires_at),
        ):  # fmt: skip
            with pytest.raises(WrongCode):
                services.confirm_code(actor=who, channel=Channel.SMS, code=typed, now=moment)
        with pytest.raises(WrongCode):
            services.confirm_code(actor=actor, channel=Channel.EMAIL, code=code, now=now)
        assert Verification.objects.get().tries == 1
        services.confirm_code(actor=actor, channel=Channel.SMS, code=code, now=now)
        with pytest.raises(WrongCode):
            services.confirm_code(actor=actor, channel=Channel.SMS, code=code, now=now)
    assert Contact.objects.get().address == PHONE
    told_of = RegionJournalEntry.objects.filter(event__startswith="messaging.")
    assert PHONE not in "".join(str(facts) for facts in told_of.values_list("facts", flat=True))
    assert code not in "".join(str(value) for value in Verification.objects.values().get().values())


def test_wrong_tries_use_a_code_up_and_codes_are_few(told: Told) -> None:
    from shared_apps.messaging.codes import code_of

    actor, now = actor_of(told.clerk), utc_now()
    with region_as("yz_region"):
        row = services.ask_code(actor=actor, channel=Channel.SMS, address=PHONE, now=now)
        code = code_of(verification_id=row.pk, salt=row.salt)
        for typed in ["x"] * CODE_TRIES_MAX + [code]:
            with pytest.raises(WrongCode):
                services.confirm_code(actor=actor, channel=Channel.SMS, code=typed, now=now)
        for _ in range(CODES_OF_ADDRESS - 1):
            services.ask_code(actor=actor, channel=Channel.SMS, address=PHONE, now=now)
        with pytest.raises(TooManyCodes) as refused:
            services.ask_code(actor=actor_of(told.seller), channel=Channel.SMS, address=PHONE, now=now)
        assert 3500 < int(refused.value.facts["retry_after_seconds"]) <= 3601
        for number in range(CODES_OF_PERSON - CODES_OF_ADDRESS):
            services.ask_code(actor=actor, channel=Channel.SMS, address=f"1380000008{number}", now=now)
        with pytest.raises(TooManyCodes):
            services.ask_code(actor=actor, channel=Channel.SMS, address="13800000077", now=now)
        services.ask_code(actor=actor, channel=Channel.SMS, address=PHONE, now=now + timedelta(hours=1, seconds=1))
    assert Verification.objects.filter(ended_at=None).count() == 1, "an older code is good no more"


class OtherCarrier(SimulatedSms):
    name = "other"


def test_an_address_another_carrier_verified_is_verified_anew(told: Told, settings: Any) -> None:
    verify(told.seller, Channel.SMS, PHONE)
    settings.YZ_SMS_PROVIDER = f"{__name__}.OtherCarrier"
    with region_as("yz_region"):
        shown = {one.channel: one for one in selectors.settings_of(actor=actor_of(told.seller), now=utc_now()).contacts}
    assert shown[Channel.SMS].stale
    told.event("approved", state="placed", next_post="supplier_sales", due_at=utc_now() + timedelta(hours=1))
    with region_as("yz_region"):
        tell_of_time(now=utc_now() + timedelta(minutes=31))
    send()
    assert Delivery.objects.get().reason == "no-address"


def test_e_mail_by_the_mail_server_names_no_person_and_no_amount(
    told: Told, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YZ_EMAIL_PROVIDER = "shared_apps.messaging.smtp.BackendEmail"
    verify(told.seller, Channel.EMAIL, "bing@example.com")
    told.event("approved", state="placed", next_post="supplier_sales")
    mail.outbox.clear()
    send()
    letter, row = mail.outbox[0], Delivery.objects.get()
    assert letter.to == ["bing@example.com"]
    assert letter.extra_headers["Message-ID"].startswith(f"<{row.number}@")
    for text in ("1234.50", "测试丙", "第一中学"):
        assert text not in f"{letter.subject}{letter.body}"
    assert "接受或谢绝" in letter.subject or "接单" in letter.subject
    assert (row.state, row.next_at) == ("sent", None), "a mail server tells nothing more"
    # A server that is away: nothing of the letter reaches the log.
    told.event("approved", order_id=8, state="placed", next_post="supplier_sales")
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda *_: (_ for _ in ()).throw(OSError("bing@")))
    send()
    assert Delivery.objects.order_by("-pk")[0].reason == "unreachable"
    assert "bing" not in caplog.text


def test_the_simulator_knows_a_number_again(told: Told) -> None:
    letter = Letter("n1", PHONE, "", "x")
    with region_as("yz_region"):
        first, again = SimulatedSms().send(letter), SimulatedSms().send(letter)
    assert first == again


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "waiting", "next_at": None},
        {"state": "delivered", "next_at": None},
        {"state": "refused", "next_at": None, "reason": ""},
        {"state": "given_up", "next_at": utc_now(), "reason": "left"},
        {"state": "lost"},
    ],
)
def test_constraints_hold_against_raw_writes(told: Told, changes: dict[str, Any]) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    told.event("submitted")
    with region_as("yz_region"), pytest.raises(IntegrityError), region_atomic():
        Delivery.objects.update(**changes)


def test_a_delivery_is_of_one_thing_at_most(told: Told) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    told.event("submitted")
    with region_as("yz_region"), pytest.raises(IntegrityError, match="delivery_of_one_thing_at_most"), region_atomic():
        Delivery.objects.filter(message__isnull=False).update(verification=Verification.objects.first())


def test_what_was_kept_long_enough_goes(told: Told) -> None:
    verify(told.approver, Channel.EMAIL, "yi@example.com")
    told.event("submitted")
    told.event("submitted", order_id=8)
    old = Message.objects.order_by("pk")[0]
    Message.objects.filter(pk=old.pk).update(created_at=utc_now() - timedelta(days=367))
    Verification.objects.update(made_at=utc_now() - timedelta(days=31))
    with region_as("yz_region"):
        assert services.purge(now=utc_now()) == 1
    assert (Message.objects.count(), Delivery.objects.count(), Verification.objects.count()) == (1, 1, 0)
