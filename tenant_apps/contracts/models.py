"""Contracts of orders: versions, the documents that were offered, signatures, and the mall's rule about shipping."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, LPad, Mod

from kernel.fields import MoneyField, money_check
from tenant_apps.contracts.rules import (
    BINDING,
    LIVE_SIGNATURES,
    PUBLIC,
    UNSIGNED,
    WAITING,
    AnnouncementState,
    Side,
    SignatureState,
    VersionKind,
    VersionState,
    version_number,
)
from tenants.database.models import TenantModel

_STATES = sorted(state.value for state in VersionState)
_UNSIGNED = sorted(state.value for state in UNSIGNED)
_BINDING = sorted(state.value for state in BINDING)
_PUBLIC = sorted(state.value for state in PUBLIC)
_SIGNATURES = sorted(state.value for state in SignatureState)
_WAITING = sorted(state.value for state in WAITING)
_LIVE = sorted(state.value for state in LIVE_SIGNATURES)


class Contract(TenantModel):
    """What binds the parties of one order. Its versions say how far it has come."""

    number_stem = models.CharField(max_length=16)
    # As the order's number: the last six digits come from the id.
    number = models.GeneratedField(
        expression=Concat(
            F("number_stem"),
            LPad(Cast(Mod(F("id"), Value(1_000_000)), models.TextField()), Value(6), Value("0")),
            output_field=models.CharField(max_length=22),
        ),
        output_field=models.CharField(max_length=22),
        db_persist=True,
    )
    order_id = models.BigIntegerField(unique=True)
    order_number = models.CharField(max_length=22)
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField()
    supplier_organisation_id = models.BigIntegerField()
    supplier_name = models.CharField(max_length=120)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["number"], name="contract_number_once"),)
        indexes = (
            models.Index(fields=["unit_id", "-id"], name="contract_by_unit"),
            models.Index(fields=["supplier_organisation_id", "-id"], name="contract_by_supplier"),
        )

    def __str__(self) -> str:
        return str(self.number)


class ContractVersion(TenantModel):
    """One text of a contract: the contract itself, reworked until both sign, or a supplement to it."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions", db_index=False)
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    state_reason = models.CharField(max_length=300, blank=True)
    # What the clerk may still change while it is a draft; what was offered stands in its document.
    content = models.JSONField()
    amount = MoneyField()
    drafted_by_id = models.BigIntegerField()
    drafted_by_name = models.CharField(max_length=40)
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    # The first moments that are late; told when it was signed.
    publish_due_at = models.DateTimeField(null=True)
    file_due_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=40, blank=True)
    withheld = models.JSONField(default=list)
    withheld_reason = models.CharField(max_length=300, blank=True)
    filed_at = models.DateTimeField(null=True)
    filed_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["contract", "ordinal"], name="contractversion_ordinal_once"),
            # Of two drafts nobody would know which one is meant.
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=_UNSIGNED), name="contractversion_one_unsigned"
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=_BINDING, kind="main"), name="contractversion_one_main"
            ),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="contractversion_state_known"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in VersionKind]), name="contractversion_kind_known"
            ),
            models.CheckConstraint(
                condition=money_check("amount") & Q(amount__gt=0), name="contractversion_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=_BINDING,
                    signed_at__isnull=False,
                    publish_due_at__isnull=False,
                    file_due_at__isnull=False,
                )
                | (~Q(state__in=_BINDING) & Q(signed_at__isnull=True)),
                name="contractversion_signed_at_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_PUBLIC, published_at__isnull=False)
                | (~Q(state__in=_PUBLIC) & Q(published_at__isnull=True)),
                name="contractversion_published_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state="filed", filed_at__isnull=False) | (~Q(state="filed") & Q(filed_at__isnull=True)),
                name="contractversion_filed_at_fits_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(state_reason=""), name="contractversion_withdrawal_reason"
            ),
            # What is kept from the public is kept for a reason.
            models.CheckConstraint(
                condition=Q(withheld=[]) | ~Q(withheld_reason=""), name="contractversion_withheld_has_reason"
            ),
        )
        indexes = (models.Index(fields=["state", "-id"], name="contractversion_by_state"),)

    def __str__(self) -> str:
        return f"{self.contract_id}-{self.ordinal}"

    @property
    def number(self) -> str:
        return version_number(number=str(self.contract.number), ordinal=self.ordinal)


class SupplementOrder(TenantModel):
    """The order by which a signed supplement's goods are bought; it has no contract of its own. Append-only."""

    contract_version = models.OneToOneField(ContractVersion, on_delete=models.PROTECT, related_name="ordered")
    order_id = models.BigIntegerField(unique=True)
    order_number = models.CharField(max_length=22)
    named_by_id = models.BigIntegerField()
    named_by_name = models.CharField(max_length=40)
    named_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.order_number


class ContractDocument(TenantModel):
    """The text as it was offered, and its PDF. Append-only: what is signed cannot be changed."""

    contract_version = models.OneToOneField(ContractVersion, on_delete=models.PROTECT, related_name="document")
    content = models.JSONField()
    # Which wording the template had: the same content by the same wording gives the same bytes.
    wording = models.CharField(max_length=20)
    file_key = models.CharField(max_length=70)
    sm3 = models.CharField(max_length=64)
    is_simulated = models.BooleanField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(sm3__regex=r"^[0-9a-f]{64}$"), name="contractdocument_sm3_is_hex"),
        )

    def __str__(self) -> str:
        return self.sm3


class Signature(TenantModel):
    """One side's signature of one version, asked of the signature service over the document's digest."""

    contract_version = models.ForeignKey(
        ContractVersion, on_delete=models.PROTECT, related_name="signatures", db_index=False
    )
    side = models.CharField(max_length=8)
    state = models.CharField(max_length=10)
    state_reason = models.CharField(max_length=300, blank=True)
    signer_id = models.BigIntegerField()
    signer_name = models.CharField(max_length=40)
    certificate = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    provider = models.CharField(max_length=40)
    provider_reference = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=400, blank=True)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    # When to send or ask next; also the claim of the worker that is at it.
    next_due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            # A side signs a version once; a refused or lapsed request may be followed by another.
            models.UniqueConstraint(
                fields=["contract_version", "side"], condition=Q(state__in=_LIVE), name="signature_once_a_side"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="signature_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(side__in=[side.value for side in Side]) & Q(state__in=_SIGNATURES),
                name="signature_words_known",
            ),
            models.CheckConstraint(condition=Q(certificate__regex=r"^[0-9]{8,32}$"), name="signature_certificate"),
            models.CheckConstraint(
                condition=Q(state__in=_WAITING, settled_at__isnull=True, next_due_at__isnull=False)
                | (~Q(state__in=_WAITING) & Q(settled_at__isnull=False, next_due_at__isnull=True)),
                name="signature_waiting_is_due",
            ),
            models.CheckConstraint(condition=~Q(state="signed") | ~Q(value=""), name="signature_signed_has_value"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(state_reason=""), name="signature_refusal_has_reason"
            ),
        )
        indexes = (
            models.Index(fields=["contract_version", "id"], name="signature_by_version"),
            models.Index(fields=["next_due_at"], name="signature_due", condition=Q(next_due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.contract_version_id} {self.side}: {self.state}"


class Announcement(TenantModel):
    """A published text on its way to the designated medium (Implementing Regulation art. 50)."""

    contract_version = models.OneToOneField(ContractVersion, on_delete=models.PROTECT, related_name="announcement")
    state = models.CharField(max_length=10)
    state_reason = models.CharField(max_length=300, blank=True)
    # How often it was begun: after a refusal the medium is asked under a key of its own.
    round = models.PositiveSmallIntegerField(default=1)
    provider = models.CharField(max_length=40)
    reference = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=300, blank=True)
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    # When to send or ask next; also the claim of the worker that is at it.
    next_due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in AnnouncementState]), name="announcement_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent"], settled_at__isnull=True, next_due_at__isnull=False)
                | Q(state__in=["published", "refused"], settled_at__isnull=False, next_due_at__isnull=True),
                name="announcement_waiting_is_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(state_reason=""), name="announcement_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | ~Q(reference=""), name="announcement_sent_has_reference"
            ),
        )
        indexes = (
            models.Index(fields=["next_due_at"], name="announcement_due", condition=Q(next_due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.contract_version_id}: {self.state}"


class SimulatedNotice(TenantModel):
    """One line of the simulated medium's own book: its memory, no part of the tenant's records."""

    request = models.CharField(max_length=40, unique=True)
    reference = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=2, blank=True)
    received_at = models.DateTimeField()
    times_received = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.reference}: {self.request}"


class ContractRule(TenantModel):
    """From what amount on goods are shipped only under a signed contract. Append-only: the last row is in force."""

    needed = models.BooleanField()
    from_amount = MoneyField()
    reason = models.CharField(max_length=300)
    decided_by_id = models.BigIntegerField()
    decided_by_name = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=money_check("from_amount"), name="contractrule_amount_real"),)

    def __str__(self) -> str:
        return f"{self.decided_at:%Y-%m-%d}: {self.needed} {self.from_amount}"


class SimulatedSignature(TenantModel):
    """One line of the simulated signature service's own book: its memory, no part of the tenant's records."""

    request = models.CharField(max_length=40, unique=True)
    reference = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    certificate = models.CharField(max_length=32)
    received_at = models.DateTimeField()
    times_received = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.reference}: {self.request}"
