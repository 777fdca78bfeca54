"""Signed links are bound to their purpose, their room and their time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel import links
from kernel.links import LinkExpired, LinkRefused, read, sign

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAYLOAD: links.Payload = {"key": "6f3c", "times": 3, "name": "喀什市"}


def _link(**other: object) -> str:
    named = {"purpose": "files.open", "tenant": "990001", "payload": PAYLOAD, "lasts": HOUR, "now": NOW} | other
    return sign(**named)  # type: ignore[arg-type]


def _read(token: str, **other: object) -> dict[str, str | int]:
    named = {"purpose": "files.open", "tenant": "990001", "token": token, "now": NOW} | other
    return read(**named)  # type: ignore[arg-type]


def test_a_link_says_what_it_was_given() -> None:
    assert _read(_link()) == PAYLOAD
    assert _read(_link(tenant=None), tenant=None) == PAYLOAD


@pytest.mark.parametrize(
    "other",
    [
        {"tenant": "990002"},
        {"tenant": None},
        {"tenant": ""},
        {"tenant": "99000"},
        {"purpose": "files.delete"},
        {"purpose": "files.open990001", "tenant": ""},
    ],
)
def test_a_link_of_one_room_or_purpose_is_refused_in_another(other: dict[str, object]) -> None:
    with pytest.raises(LinkRefused):
        _read(_link(), **other)
    with pytest.raises(LinkRefused):
        _read(_link(**other))


def test_without_the_room_in_the_proof_a_link_opens_every_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what the test above would not see if the tenant were not bound."""
    bound = links._proof
    monkeypatch.setattr(links, "_proof", lambda purpose, tenant, body: bound(purpose, "any", body))
    assert _read(_link(tenant="990001"), tenant="990002") == PAYLOAD


def test_a_link_ends_at_the_very_second() -> None:
    token = _link()
    assert _read(token, now=NOW + HOUR - timedelta(seconds=1)) == PAYLOAD
    with pytest.raises(LinkExpired):
        _read(token, now=NOW + HOUR)


def test_every_altered_character_is_noticed() -> None:
    token = _link()
    for place, old in enumerate(token):
        for new in ("A", "b", "-", "."):
            if new != old:
                with pytest.raises(LinkRefused):
                    _read(token[:place] + new + token[place + 1 :])


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "a.b",
        "x" * 3000,
        "\n",
        "é.é",
        "x" * 1900 + "." + "y" * 43,
        "AAAA." + "A" * 43 + "\n",
        "AAAA==." + "A" * 43,
    ],
)
def test_what_is_no_link_is_refused(token: str) -> None:
    with pytest.raises(LinkRefused):
        _read(token)


def test_a_cut_or_longer_link_is_refused() -> None:
    token = _link()
    for altered in (token[:-1], token[1:], token + "A", token + "=", token * 2, " " + token):
        with pytest.raises(LinkRefused):
            _read(altered)


def test_another_secret_opens_nothing(settings: object) -> None:
    token = _link()
    settings.YZ_SECRET = "another-secret-0123456789abcdef0123456789"  # type: ignore[attr-defined]
    with pytest.raises(LinkRefused):
        _read(token)


@pytest.mark.parametrize("lasts", [timedelta(0), -HOUR, timedelta(days=61)])
def test_no_link_lasts_for_ever(lasts: timedelta) -> None:
    with pytest.raises(ValueError, match="60 days"):
        _link(lasts=lasts)


def test_a_payload_fits_an_address_or_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        _link(payload={"x": "y" * 2000})
    with pytest.raises(TypeError):
        _link(payload={"x": 1.5})
