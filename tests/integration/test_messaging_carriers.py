"""What any carrier must keep (`messaging.provider`), tried on the simulator, over HTTP, and over a mail server's own
protocol: delays, refusals, repetitions, answers that are lost; and what the sender makes of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from kernel.clock import utc_now
from shared_apps.messaging import services
from shared_apps.messaging.models import Delivery, SimulatedLetter
from shared_apps.messaging.provider import Letter, Outcome, Provider, ProviderUnavailable, Receipt, Status
from shared_apps.messaging.rules import Channel
from shared_apps.messaging.simulators import SimulatedSms
from shared_apps.messaging.smtp import BackendEmail
from tenants.database.context import region_as
from tests.factories.carriers import (
    AWAY,
    BROKEN,
    LOST,
    PATIENCE_SECONDS,
    REFUSED,
    REFUSED_LATER,
    SLOW,
    Carrier,
    HastySms,
    HttpSms,
    http_carrier,
    mail_server,
)
from tests.factories.messages import Told, make_told
from tests.factories.people import actor_of

TEXT = "【驿站】测试内容"


@dataclass
class Tried:
    """A carrier under test: what speaks for it, how often it has sent a number, and how its time passes."""

    provider: Provider
    sent: Callable[[str], int]
    later: Callable[[], None]


@pytest.fixture(params=["simulated", "http"])
def tried(request: pytest.FixtureRequest, room: None) -> Iterator[Tried]:
    with ExitStack() as stack:
        stack.enter_context(region_as("yz_region"))
        if request.param == "http":
            carrier = stack.enter_context(http_carrier())
            yield Tried(HttpSms(), lambda number: carrier.sent.get(number, 0), lambda: None)
        else:
            book = SimulatedLetter.objects

            def later() -> None:
                book.update(received_at=utc_now() - timedelta(minutes=3))

            yield Tried(SimulatedSms(), lambda number: book.filter(number=number).count(), later)


def letter(ending: str = "90", number: str = "") -> Letter:
    return Letter(number or uuid4().hex, f"138000000{ending}", "", TEXT)


def handed(provider: Provider, one: Letter, most: int = 4) -> Receipt | Outcome:
    """As a sender does: again under the same number, until there is an answer."""
    for _turn in range(most):
        try:
            return provider.send(one)
        except ProviderUnavailable:
            continue
    raise AssertionError("no answer at all")


def test_a_number_is_sent_once_however_often_it_is_handed_over(tried: Tried) -> None:
    one = letter()
    first, again = tried.provider.send(one), tried.provider.send(one)
    assert isinstance(first, Receipt)
    assert (first, tried.sent(one.number)) == (again, 1)
    other = letter()
    assert tried.provider.send(other) != first, "another letter has another reference"


def test_a_lost_answer_costs_no_second_letter(tried: Tried) -> None:
    one = letter(LOST)
    with pytest.raises(ProviderUnavailable):
        tried.provider.send(one)
    assert isinstance(handed(tried.provider, one), Receipt)
    assert tried.sent(one.number) == 1


def test_a_refusal_is_an_answer_with_its_reason_and_sends_nothing(tried: Tried) -> None:
    one = letter(REFUSED)
    refused = tried.provider.send(one)
    assert isinstance(refused, Outcome)
    assert (refused.status, bool(refused.reason), tried.sent(one.number)) == (Status.REFUSED, True, 0)


def test_what_became_of_a_letter_is_told_again_the_same(tried: Tried) -> None:
    for ending, status in (("90", Status.DELIVERED), (REFUSED_LATER, Status.REFUSED)):
        receipt = tried.provider.send(letter(ending))
        assert isinstance(receipt, Receipt)
        assert receipt.reports
        assert tried.provider.ask(receipt.reference).status == Status.PENDING
        tried.later()
        told = tried.provider.ask(receipt.reference)
        assert (told.status, tried.provider.ask(receipt.reference)) == (status, told)


def test_of_a_reference_it_never_gave_a_carrier_tells_nothing(tried: Tried) -> None:
    with pytest.raises(ProviderUnavailable):
        tried.provider.ask("R-never-given")


def test_neither_text_nor_address_reaches_a_log(tried: Tried, caplog: pytest.LogCaptureFixture) -> None:
    for ending in ("90", REFUSED, LOST):
        handed(tried.provider, letter(ending))
    assert TEXT not in caplog.text
    assert "138000000" not in caplog.text


@pytest.mark.parametrize("trouble", [SLOW, BROKEN, AWAY])
def test_the_network_s_own_troubles_are_one_word_and_no_second_letter(room: None, trouble: str) -> None:
    with http_carrier() as carrier:
        one, began = letter(trouble), utc_now()
        with pytest.raises(ProviderUnavailable):
            HttpSms().send(one)
        assert utc_now() - began < timedelta(seconds=PATIENCE_SECONDS * 3), "nobody waits for ever"
        assert isinstance(handed(HttpSms(), one), Receipt)
        assert carrier.sent == {one.number: 1}


def test_the_twin_that_changes_its_number_sends_twice(room: None) -> None:
    with http_carrier() as carrier:
        handed(HastySms(), letter(LOST))
        assert sum(carrier.sent.values()) == 2


# -- the sender, over the network ------------------------------------------------------------------------------------
@pytest.fixture
def told(room: None) -> Told:
    return make_told()


def tried_until_settled(turns: int = 6) -> Delivery:
    """Everything that waits is due at once; what was handed over is asked about."""
    with region_as("yz_region"):
        for _turn in range(turns):
            Delivery.objects.filter(state="waiting").update(next_at=utc_now())
            services.send_due()
            Delivery.objects.filter(state="sent", next_at__isnull=False).update(next_at=utc_now())
            services.ask_due()
        return Delivery.objects.order_by("-pk")[0]


@pytest.mark.parametrize(
    ("ending", "state", "attempts"),
    [("90", "delivered", 1), (REFUSED, "refused", 1), (REFUSED_LATER, "refused", 1), (LOST, "delivered", 2),
     (SLOW, "delivered", 2), (BROKEN, "delivered", 2), (AWAY, "delivered", 2)],
)  # fmt: skip
def test_the_sender_keeps_its_number_through_every_trouble(
    told: Told, settings: Any, ending: str, state: str, attempts: int
) -> None:
    settings.YZ_SMS_PROVIDER = "tests.factories.carriers.HttpSms"
    with http_carrier() as carrier:
        row = asked_code(told, f"138000000{ending}")
        settled = tried_until_settled()
        assert (settled.pk, settled.state, settled.attempts, settled.provider) == (row.pk, state, attempts, "http-test")
        assert carrier.sent == ({} if ending == REFUSED else {row.number: 1})


def asked_code(told: Told, phone: str) -> Delivery:
    """A verification code on its way: the least that is sent to an address."""
    with region_as("yz_region"):
        services.ask_code(actor=actor_of(told.seller), channel=Channel.SMS, address=phone, now=utc_now())
        return Delivery.objects.order_by("-pk")[0]


# -- a mail server, by its own protocol ------------------------------------------------------------------------------
@pytest.fixture
def mailbox(settings: Any) -> Iterator[Carrier]:
    with mail_server() as (carrier, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = PATIENCE_SECONDS
        yield carrier


def mailed(ending: str) -> Letter:
    return Letter(uuid4().hex, f"box{ending}@example.com", "测试", TEXT)


def test_a_mail_server_takes_a_letter_and_tells_nothing_more(mailbox: Carrier) -> None:
    one = mailed("90")
    receipt = BackendEmail().send(one)
    assert isinstance(receipt, Receipt)
    assert (receipt.reports, mailbox.sent) == (False, {one.number: 1})
    refused = BackendEmail().send(mailed(REFUSED))
    assert refused == Outcome(Status.REFUSED, "SMTP 550")


@pytest.mark.parametrize("trouble", [SLOW, LOST, BROKEN, AWAY])
def test_a_mail_server_s_troubles_are_one_word(
    mailbox: Carrier, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It knows no letter again: the same Message-ID is how mail programs show a repeated one once."""
    one = mailed(trouble)
    with pytest.raises(ProviderUnavailable):
        BackendEmail().send(one)
    assert "example.com" not in caplog.text
    if trouble in {SLOW, LOST}:
        assert isinstance(BackendEmail().send(one), Receipt)
        assert mailbox.received == {one.number: 2}
