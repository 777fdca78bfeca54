"""E-mail by the mail server that Django's backend is set to (`YZ_EMAIL_BACKEND`, `EMAIL_HOST` and their like).

A mail server does not know a letter again: if it took one and its answer was lost, the letter goes out once more, with
the same Message-ID, by which mail programs show it once.
"""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage

from shared_apps.messaging.provider import Letter, Outcome, ProviderUnavailable, Receipt, Status

_PERMANENT = 500


class BackendEmail:
    name = "smtp"

    def send(self, letter: Letter) -> Receipt | Outcome:
        message_id = f"<{letter.number}@{settings.YZ_BASE_HOST}>"
        mail = EmailMessage(letter.subject, letter.text, None, [letter.address], headers={"Message-ID": message_id})
        try:
            mail.send()
        except SMTPRecipientsRefused as refused:
            status, _said = next(iter(refused.recipients.values()))
            if status >= _PERMANENT:
                return Outcome(Status.REFUSED, f"SMTP {status}")
            raise ProviderUnavailable from None
        except (SMTPException, OSError):
            # The error's text may hold the address: it is not passed on.
            raise ProviderUnavailable from None
        return Receipt(reference=message_id, reports=False)

    def ask(self, reference: str) -> Outcome:
        return Outcome(Status.PENDING)
