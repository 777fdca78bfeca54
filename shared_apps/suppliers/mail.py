"""The letters to a supplier: the link to its registration, and how its application fares."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.mail import KINDS, send_letter
from shared_apps.accounts.selectors import user_by_id
from shared_apps.suppliers.models import SupplierApplication

KINDS["registration"] = _("Registration of a supplier")


def _address(name: str, *args: object) -> str:
    return f"{settings.YZ_REGION_URL}{reverse(f'suppliers:{name}', urlconf=settings.ROOT_URLCONF, args=args)}"


def send_link(*, row: SupplierApplication, secret: str) -> None:
    subject = _("Your registration %(number)s as a supplier") % {"number": row.number}
    context = {"row": row, "url": _address("open_registration", row.number, secret)}
    send_letter("registration", str(subject), "suppliers/mail/begun.txt", context, row.email)


def send_news(*, row: SupplierApplication) -> None:
    """Returned, refused or approved. To the mailbox of the registration, else the owner's."""
    person = user_by_id(user_id=row.owner_id) if row.owner_id and not row.email else None
    to = row.email or (person.email if person else "")
    if not to:
        return
    subject = _("News of your application %(number)s") % {"number": row.number}
    context = {"row": row, "url": _address("application", row.pk)}
    send_letter("registration", str(subject), "suppliers/mail/news.txt", context, to)
