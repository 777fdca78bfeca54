"""The applicant's side: apply, amend, withdraw. The applicant has no account; the link's secret stands for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, NotFound, TooManyRequests
from shared_apps.accounts.rules import wait_seconds
from shared_apps.accounts.secret import keyed_hash, new_secret
from shared_apps.onboarding import mail, rules
from shared_apps.onboarding.models import Application
from shared_apps.onboarding.rules import APPLICATION_LIFECYCLE, ApplicationState
from shared_apps.onboarding.selectors import choosable
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic

_WINDOW = timedelta(minutes=rules.APPLY_WINDOW_MINUTES)


class DivisionTaken(Conflict):
    code = "division-taken"
    title = _("This division has a mall or an open application already")


class ApplicationNotFound(NotFound):
    """A wrong number and a wrong secret get the same answer."""

    code = "application-not-found"
    title = _("There is no application at this address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an application says, and an amendment says anew."""

    bureau_name: str
    responsible_name: str
    phone: str
    email: str
    modules: Sequence[str]
    fee_year: int
    fee_budget: Decimal
    work_plan: Sequence[Mapping[str, Any]]
    weak_points: Sequence[Mapping[str, Any]]
    responsible_title: str = ""

    def columns(self) -> dict[str, Any]:
        return {
            "bureau_name": self.bureau_name,
            "responsible_name": self.responsible_name,
            "responsible_title": self.responsible_title,
            "phone": self.phone,
            "email": self.email,
            "modules": sorted({str(module) for module in self.modules}),
            "fee_year": self.fee_year,
            "fee_budget": self.fee_budget,
            "work_plan": [{"step": row["step"], "due_on": row["due_on"].isoformat()} for row in self.work_plan],
            "weak_points": [{"weakness": row["weakness"], "measure": row["measure"]} for row in self.weak_points],
        }


def secret_hash(*, number: str, secret: str) -> str:
    return keyed_hash("application", f"{number}:{secret}")


def facts_of(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "division_code": application.division_code,
        "bureau_name": application.bureau_name,
    }


def applicant(application: Application) -> Actor:
    """The bureau acts; nobody has signed in."""
    return Actor(user_id=None, name=application.responsible_name)


def apply_for_mall(*, division_code: str, content: Content, address: str, now: datetime) -> tuple[Application, str]:
    """Files an application and sends its link; returns it with the link's secret, which is kept nowhere.

    Raises NotFound for a division that is not one of today's, DivisionTaken, TooManyRequests.
    """
    _refuse_floods(address=address, email=content.email, now=now)
    secret = new_secret()
    day = f"{local(now):%Y%m%d}"
    try:
        with region_atomic():
            division = choosable(division_code=division_code)
            if not division.is_free:
                raise DivisionTaken(division=division.name)
            # Numbers of one day follow each other without a gap that somebody would have to explain.
            advisory_xact_lock(REGION_ALIAS, advisory_lock_key("onboarding", "number", day))
            number = rules.application_number(
                day=day, sequence=Application.objects.filter(number__startswith=f"SQ{day}").count() + 1
            )
            application = Application.objects.create(
                number=number,
                secret_hash=secret_hash(number=number, secret=secret),
                state=ApplicationState.APPLIED,
                division_code=division.code,
                division_name=division.name,
                address_hash=keyed_hash("address", address) if address else "",
                applied_at=now,
                **content.columns(),
            )
            record(
                actor=applicant(application),
                event="onboarding.applied",
                object_type="application",
                object_id=application.pk,
                facts={
                    **facts_of(application),
                    "modules": application.modules,
                    "fee_year": application.fee_year,
                    "fee_budget": application.fee_budget,
                },
                now=now,
            )
            mail.send_link(application=application, secret=secret)
    except IntegrityError as error:
        if "application_one_open_per_division" in str(error):
            raise DivisionTaken(division=division_code) from error
        raise
    return application, secret


def _refuse_floods(*, address: str, email: str, now: datetime) -> None:
    """Each application sends a letter: neither one address nor one mailbox takes many. Raises TooManyRequests."""
    recent = Application.objects.filter(applied_at__gt=now - _WINDOW).order_by("-applied_at")
    limits = [(recent.filter(email__iexact=email), rules.APPLICATIONS_PER_MAILBOX)]
    if address:
        limits.append((recent.filter(address_hash=keyed_hash("address", address)), rules.APPLICATIONS_PER_ADDRESS))
    wait = max(
        wait_seconds(
            list(found.values_list("applied_at", flat=True)[:allowed]), allowed=allowed, window=_WINDOW, now=now
        )
        for found, allowed in limits
    )
    if wait:
        raise TooManyRequests(retry_after_seconds=wait)


def by_link(*, number: str, secret: str, lock: bool = False) -> Application:
    """The application that the link opens. Raises ApplicationNotFound."""
    rows = Application.objects.filter(number=number)
    application = (rows.select_for_update() if lock else rows).first()
    proof = secret_hash(number=number, secret=secret)
    if application is None or not constant_time_compare(application.secret_hash, proof):
        raise ApplicationNotFound(application=number)
    return application


def amend_application(*, number: str, secret: str, content: Content, now: datetime) -> Application:
    """Says everything anew while nobody has decided. Raises ApplicationNotFound, WrongState."""
    with region_atomic():
        application = by_link(number=number, secret=secret, lock=True)
        APPLICATION_LIFECYCLE.next(application.state, "amend")
        for name, value in content.columns().items():
            setattr(application, name, value)
        application.version += 1
        application.amended_at = now
        application.save()
        record(
            actor=applicant(application),
            event="onboarding.amended",
            object_type="application",
            object_id=application.pk,
            facts={
                **facts_of(application),
                "version": application.version,
                "modules": application.modules,
                "fee_year": application.fee_year,
                "fee_budget": application.fee_budget,
            },
            now=now,
        )
    return application


def withdraw_application(*, number: str, secret: str, now: datetime) -> Application:
    """Raises ApplicationNotFound, WrongState."""
    with region_atomic():
        application = by_link(number=number, secret=secret, lock=True)
        application.state = APPLICATION_LIFECYCLE.next(application.state, "withdraw").target
        application.withdrawn_at = now
        application.save()
        record(
            actor=applicant(application),
            event="onboarding.withdrawn",
            object_type="application",
            object_id=application.pk,
            facts=facts_of(application),
            now=now,
        )
    return application
