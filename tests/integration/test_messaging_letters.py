"""Letters of one's own (invitations, links): recorded with what they tell of, unreadable while they wait, sent by the
same way as every message, gone from the database once a carrier has them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import Invitation
from shared_apps.messaging import selectors, services
from shared_apps.messaging.models import Delivery, OwnLetter
from shared_apps.messaging.provider import Letter, Outcome, Receipt
from shared_apps.messaging.rules import LETTERS_KEPT_DAYS, RETRY_AFTER
from shared_apps.messaging.sealing import seal, unseal
from tenants.database.context import region_as, region_atomic
from tests.factories.people import actor_of, join, letters, make_organisation, make_user
from tests.factories.statements import counted

SENT: list[Letter] = []


class OtherMail:
    """A carrier of an installation's own."""

    name = "other-mail"

    def send(self, letter: Letter) -> Receipt | Outcome:
        SENT.append(letter)
        return Receipt(reference=f"O-{letter.number}", reports=False)


def invited(email: str = "bing@example.com") -> Invitation:
    return accounts.invite(
        actor=SYSTEM, organisation_id=make_organisation("supplier").pk, name="兵", email=email,
        posts=[Post.SUPPLIER_ADMIN], now=utc_now(),
    )  # fmt: skip


def send() -> int:
    with region_as("yz_region"):
        Delivery.objects.filter(state="waiting").update(next_at=utc_now())
        return services.send_due()


def all_text_of_the_region() -> str:
    """Whatever of messages and accounts stands in the database, as a dump would have it."""
    found = []
    with connections["default"].cursor() as cursor:
        for table in ("messaging_delivery", "messaging_ownletter", "messaging_message", "accounts_invitation"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def link_in(letter: EmailMessage | Letter) -> str:
    text = letter.body if isinstance(letter, EmailMessage) else letter.text
    return next(word for word in str(text).split() if "/invitations/" in word or "/invitation/" in word)


def test_a_link_is_unreadable_while_it_waits_and_gone_once_it_is_sent(room: None) -> None:
    invited()
    waiting = all_text_of_the_region()
    assert OwnLetter.objects.get().sealed
    assert "兵" not in OwnLetter.objects.get().sealed
    (letter,) = letters()
    secret = link_in(letter).rstrip("/").rpartition("/")[2]
    assert len(secret) > 20
    assert secret not in waiting
    after = all_text_of_the_region()
    assert secret not in after
    assert "bing@example.com" not in OwnLetter.objects.get().address
    row = Delivery.objects.get()
    assert (row.state, row.provider, OwnLetter.objects.get().sealed) == ("sent", "smtp", "")
    assert letter.extra_headers["Message-ID"].startswith(f"<{row.number}@")
    assert send() == 0


def test_what_is_taken_back_sends_no_letter(room: None) -> None:
    class Broken(Exception):
        """Something after the invitation fails."""

    def invite_and_fail() -> None:
        with region_atomic():
            invited()
            raise Broken

    with pytest.raises(Broken):
        invite_and_fail()
    assert (Invitation.objects.count(), Delivery.objects.count(), letters()) == (0, 0, [])


def test_a_mail_server_that_is_away_is_tried_again_under_the_same_number(
    room: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    invited()
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", lambda *_: (_ for _ in ()).throw(OSError("bing@example.com")))
        for _turn in range(len(RETRY_AFTER) + 1):
            assert send() == 1
    row = Delivery.objects.get()
    assert (row.state, row.reason) == ("given_up", "unreachable")
    assert "bing" not in caplog.text
    staff = make_user()
    join(staff, make_organisation("platform"), [Post.PLATFORM_OPERATOR])
    with region_as("yz_region"):
        (shown,) = selectors.deliveries(actor=actor_of(staff)).items
        assert (shown.title, shown.may_retry, "bing@" in shown.address) == ("邀请", True, False)
        services.retry_delivery(actor=actor_of(staff), delivery_id=row.pk, now=utc_now())
    assert len(letters()) == 1
    assert Delivery.objects.get().state == "sent"
    with region_as("yz_region"), pytest.raises(NotFound):
        services.retry_delivery(actor=actor_of(staff), delivery_id=row.pk, now=utc_now())


def test_an_installation_s_own_carrier_is_the_one_way(room: None, settings: Any) -> None:
    settings.YZ_EMAIL_PROVIDER = f"{__name__}.OtherMail"
    SENT.clear()
    invited()
    assert send() == 1
    assert (len(SENT), mail.outbox) == (1, [])
    assert SENT[0].address == "bing@example.com"
    assert link_in(SENT[0])


def test_what_could_not_be_sent_is_forgotten_after_its_days(room: None) -> None:
    invited()
    with region_as("yz_region"):
        Delivery.objects.update(state="given_up", reason="unreachable", next_at=None)
        services.purge(now=utc_now() + timedelta(days=LETTERS_KEPT_DAYS - 1))
        assert OwnLetter.objects.get().sealed
        services.purge(now=utc_now() + timedelta(days=LETTERS_KEPT_DAYS + 1))
    assert OwnLetter.objects.get().sealed == ""


def test_a_reset_for_nobody_leaves_nothing_and_asks_as_much_of_the_database(room: None) -> None:
    person = make_user(email="bing@example.com")
    asked = {}
    for email in ("bing@example.com", "nobody@example.com"):
        client = Client(HTTP_HOST="localhost")
        client.get("/password-reset/")
        with counted() as statements:
            answer = client.post("/password-reset/", {"email": email})
        asked[email] = (answer.status_code, sum("INSERT" in one for one in statements))
    assert len(set(asked.values())) == 1, asked
    assert Delivery.objects.count() == 1
    (letter,) = letters()
    assert letter.to == ["bing@example.com"]
    token = str(letter.body).split("/password-reset/")[1].split()[0].rstrip("/").rpartition("/")[2]
    assert default_token_generator.check_token(person, token)


def test_a_sealed_text_opens_for_its_own_number_and_secret_alone(settings: Any) -> None:
    sealed = seal(number="n1", subject="题", text="https://example.com/s3cret")
    assert "s3cret" not in sealed
    assert unseal(number="n1", sealed=sealed) == ("题", "https://example.com/s3cret")
    assert unseal(number="n2", sealed=sealed) is None
    assert sealed != seal(number="n1", subject="题", text="https://example.com/s3cret")
    settings.YZ_SECRET = "another-secret-of-another-installation"
    assert unseal(number="n1", sealed=sealed) is None
