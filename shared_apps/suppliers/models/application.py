"""Applications to the library, and the files they bring."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.suppliers.models.qualification import Qualification
from shared_apps.suppliers.models.supplier import Supplier
from shared_apps.suppliers.rules import OPEN_STATES, ApplicationKind, ApplicationState, DocumentKind, Size

K, S = ApplicationKind, ApplicationState
_OPEN = [state.value for state in OPEN_STATES]
_NEVER_SENT = [S.DRAFT.value, S.WITHDRAWN.value, S.LAPSED.value]


class SupplierApplication(models.Model):
    """A registration, or a change of what the library says of a supplier: the whole of it, as it is to become.

    A registration begins without an account: the link of the letter carries a secret, the row its keyed hash, and
    whoever opens it becomes the owner. A change belongs to the supplier's administrators.
    """

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in K])
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in S])
    # Counts every sending: a decision names the version that was read.
    version = models.PositiveIntegerField(default=1)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, related_name="applications")

    owner_id = models.BigIntegerField(null=True)
    applicant_name = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)

    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=120)
    legal_representative = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    division_code = models.CharField(max_length=6, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    size = models.CharField(max_length=8, blank=True, choices=[(size.value, size.value) for size in Size])
    sme_declared = models.BooleanField(default=False)
    record_declared = models.BooleanField(default=False)
    # [{"name": text, "share": "51.00"}], as rules.SHAREHOLDERS_MAX allows; "" where the share is not told.
    shareholders = models.JSONField(default=list)
    # Codes of the shop categories that it applies for; null in rows from before they were asked.
    scope = models.JSONField(null=True, default=list)
    # Keys of the supplier's qualifications that end with the change.
    dropped = models.JSONField(default=list)

    # The level that vets: a tenant's code, "" the region itself.
    collecting_code = models.CharField(max_length=30, blank=True)
    # {field: reason} of the last return.
    findings = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    vetted_at = models.DateTimeField(null=True)
    vetted_by_id = models.BigIntegerField(null=True)
    vetted_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            # Two people who register one company at the same moment: one of them is told so.
            models.UniqueConstraint(
                name="supplier_application_one_open_per_code", fields=["uscc"], condition=Q(state__in=_OPEN)
            ),
            models.CheckConstraint(
                name="supplier_application_change_names_its_supplier",
                condition=Q(kind=K.REGISTRATION.value) | Q(supplier__isnull=False),
            ),
            models.CheckConstraint(
                name="supplier_application_approved_is_in_the_library",
                condition=~Q(state=S.APPROVED.value) | Q(supplier__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="supplier_application_waits_since_it_was_sent",
                condition=Q(state__in=_NEVER_SENT) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="supplier_application_refused_with_a_reason",
                condition=~Q(state__in=[S.REFUSED.value]) | ~Q(reason=""),
            ),
        )
        indexes = (
            models.Index(name="supplier_application_waits", fields=["state", "collecting_code", "due_on"]),
            models.Index(name="supplier_application_owner", fields=["owner_id"]),
            models.Index(name="supplier_application_address", fields=["address_hash", "-created_at"]),
        )

    def __str__(self) -> str:
        return self.number


class ApplicationDocument(models.Model):
    """A file that an application brings. Taken back only while the application is the applicant's to edit."""

    application = models.ForeignKey(SupplierApplication, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in DocumentKind])
    title = models.CharField(max_length=80)
    number = models.CharField(max_length=60, blank=True)
    # Empty: without an end.
    expires_on = models.DateField(null=True)
    file_key = models.CharField(max_length=70)
    file_name = models.CharField(max_length=120)
    renews = models.ForeignKey(Qualification, on_delete=models.PROTECT, null=True, related_name="renewals")
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="supplier_document_file_once", fields=["file_key"]),
            models.UniqueConstraint(
                name="supplier_document_renews_once",
                fields=["application", "renews"],
                condition=Q(renews__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.title
