"""A message in words: in the list, in a letter, in a short message. Put together when they are read or sent.

Outside the house goes what is needed to know that one should sign in: what it is about, the mall, the number. No name
of a person, no amount, no reason, no other party.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.clock import local
from shared_apps.inbox.words import to_do
from shared_apps.messaging.news import NEWS
from shared_apps.messaging.rules import CODE_VALID, Topic

LIST_PATH = "/messages/"


def list_address() -> str:
    """Where letters send their reader: no link of a letter signs anybody in."""
    return f"{settings.YZ_REGION_URL}{LIST_PATH}"


@dataclass(frozen=True, slots=True)
class Told:
    """What of a message texts are made of."""

    topic: str
    word: str
    percent: int
    facts: Mapping[str, Any]
    mall: str
    due_at: datetime | None


def title_of(*, topic: str, word: str, percent: int) -> str:
    """What happened or waits, in a line."""
    if topic == Topic.NEWS:
        return str(NEWS[word][1]) if word in NEWS else _("News")
    if topic == Topic.DEADLINE:
        late = _("The time is over: %(step)s") if percent >= 100 else _("%(percent)d%% of the time is used: %(step)s")
        return late % {"percent": percent, "step": to_do(word)}
    return to_do(word)


def number_of(facts: Mapping[str, Any]) -> str:
    return str(facts.get("order_number") or facts.get("document_number") or "")


def letter(told: Told) -> tuple[str, str]:
    """Subject and text of an e-mail, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        title = title_of(topic=told.topic, word=told.word, percent=told.percent)
        context = {
            "title": title,
            "mall": told.mall,
            "number": number_of(told.facts),
            "due_at": local(told.due_at) if told.due_at else None,
            "url": list_address(),
        }
        subject = _("%(title)s (%(mall)s)") % {"title": title, "mall": told.mall}
        return subject, render_to_string("messaging/mail/letter.txt", context)


def short(told: Told) -> str:
    """A short message: the sender's name in front, as carriers ask for it."""
    with translation.override(settings.LANGUAGE_CODE):
        title = title_of(topic=told.topic, word=told.word, percent=told.percent)
        number = number_of(told.facts)
        about = _("%(title)s, number %(number)s") % {"title": title, "number": number} if number else title
        return _("[Yizhang] %(mall)s: %(about)s. Sign in to see it.") % {"mall": told.mall, "about": about}


def code_letter(code: str) -> tuple[str, str]:
    """Subject and text of a letter with a verification code."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {"code": code, "minutes": int(CODE_VALID.total_seconds() // 60)}
        return _("Verification code"), render_to_string("messaging/mail/code.txt", context)


def code_short(code: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        minutes = int(CODE_VALID.total_seconds() // 60)
        text = _("[Yizhang] Verification code %(code)s, good for %(minutes)d minutes. Give it to nobody.")
        return text % {"code": code, "minutes": minutes}


def region_name() -> str:
    """Where a step of the region's own libraries waits."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("The region")
