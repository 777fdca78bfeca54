"""The letters to an applicant: the link to the application, and a refusal. The invitation is sent by accounts."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.mail import KINDS, send_letter
from shared_apps.onboarding.models import Application

KINDS["application"] = _("Application for a mall")


def link_of(*, number: str, secret: str) -> str:
    """The applicant's own address of the application."""
    path = reverse("onboarding:followed", urlconf=settings.ROOT_URLCONF, args=[number, secret])
    return f"{settings.YZ_REGION_URL}{path}"


def send_link(*, application: Application, secret: str) -> None:
    subject = _("Your application %(number)s for a mall") % {"number": application.number}
    context = {"application": application, "url": link_of(number=application.number, secret=secret)}
    send_letter("application", str(subject), "onboarding/mail/applied.txt", context, application.email)


def send_refusal(*, application: Application) -> None:
    subject = _("Your application %(number)s was not approved") % {"number": application.number}
    context: dict[str, object] = {"application": application}
    send_letter("application", str(subject), "onboarding/mail/refused.txt", context, application.email)
