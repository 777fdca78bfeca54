"""An agency on the name list: its content, full-time staff, files and reported changes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shared_apps.agencies.rules.content import CONTENT_FIELDS, REGION_CODE, Content, FileKind
from shared_apps.agencies.rules.registration import AgencyState

S = AgencyState
_STATES = [state.value for state in AgencyState]


class Agency(models.Model):
    """A social agency of the whole region. `version` counts what was written: a decision names the one it read."""

    uscc = models.CharField(max_length=18, unique=True)
    # The party whose members act for it.
    organisation_id = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=12, choices=[(state, state) for state in _STATES])
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    name = models.CharField(max_length=120)
    legal_representative = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=40, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    home_province = models.CharField(max_length=6, default=REGION_CODE)
    division_code = models.CharField(max_length=6, blank=True)
    office_address = models.CharField(max_length=200, blank=True)
    office_is_independent = models.BooleanField(default=False)
    has_review_room = models.BooleanField(default=False)
    review_room_address = models.CharField(max_length=200, blank=True)
    has_recording = models.BooleanField(default=False)
    # Where letters go; not part of the public content.
    contact_email = models.EmailField()

    # Why region staff sent it back: {field: reason}.
    return_reasons = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    deregistered_at = models.DateTimeField(null=True)
    # To whom the files of its projects went, in its own words.
    hand_over = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            # The check digit is the service's to verify; the alphabet is GB 32100-2015's.
            models.CheckConstraint(
                name="agency_uscc_form", condition=Q(uscc__regex=r"^[1-9ANY][0-9A-HJ-NP-RTUW-Y]{17}$")
            ),
            models.CheckConstraint(name="agency_state_known", condition=Q(state__in=_STATES)),
            models.CheckConstraint(
                name="agency_published_says_when",
                condition=Q(state__in=[S.PUBLISHED.value, S.DEREGISTERED.value], published_at__isnull=False)
                | (~Q(state__in=[S.PUBLISHED.value, S.DEREGISTERED.value]) & Q(published_at__isnull=True)),
            ),
            # On deregistration the files of its projects go to the purchasers. Source: Cai Ku [2018] 2.
            models.CheckConstraint(
                name="agency_deregistered_says_where_files_went",
                condition=(Q(state=S.DEREGISTERED.value, deregistered_at__isnull=False) & ~Q(hand_over=""))
                | (~Q(state=S.DEREGISTERED.value) & Q(deregistered_at__isnull=True, hand_over="")),
            ),
            models.CheckConstraint(
                name="agency_returned_with_reasons", condition=~Q(state=S.RETURNED.value) | ~Q(return_reasons={})
            ),
            # A review room of one's own needs recording equipment. Source: Cai Ku [2018] 2.
            models.CheckConstraint(
                name="agency_published_room_records",
                condition=~Q(state=S.PUBLISHED.value)
                | Q(has_review_room=False, has_recording=False, review_room_address="")
                | (Q(has_review_room=True, has_recording=True) & ~Q(review_room_address="")),
            ),
        )
        indexes = (
            models.Index(name="agency_by_name", fields=["name", "id"], condition=Q(state=S.PUBLISHED.value)),
            models.Index(name="agency_waiting", fields=["submitted_at"], condition=Q(state=S.SUBMITTED.value)),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> Content:
        return Content(**{name: getattr(self, name) for name in CONTENT_FIELDS})

    def take(self, content: Content) -> None:
        for name in CONTENT_FIELDS:
            setattr(self, name, getattr(content, name))


class AgencyStaff(models.Model):
    """Somebody who works for the agency full time. A name and two days: no identity number is needed, none is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="staff")
    name = models.CharField(max_length=40)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agency_staff_leaves_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class AgencyFile(models.Model):
    """A file that proves a part of the content. A later one of its kind replaces it; none is public."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in FileKind])
    key = models.CharField(max_length=70, unique=True)
    name = models.CharField(max_length=120)
    uploaded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="agency_file_one_of_a_kind",
                fields=["agency", "kind"],
                condition=Q(replaced_at__isnull=True) & ~Q(kind=FileKind.OTHER.value),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ReportedChange(models.Model):
    """A change of published content: what, when it happened, when it was due and when it was reported. Public.

    Source: Cai Ku [2018] 2, ten working days.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="changes")
    # [{"field": ..., "old": ..., "new": ...}]; of staff the numbers, never the names.
    items = models.JSONField()
    happened_on = models.DateField()
    due_on = models.DateField()
    reported_at = models.DateTimeField()
    is_late = models.BooleanField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agency_change_due_after_it_happened", condition=Q(due_on__gt=F("happened_on"))
            ),
        )
        indexes = (models.Index(name="agency_change_newest", fields=["agency", "-reported_at"]),)

    def __str__(self) -> str:
        return f"{self.agency_id} {self.happened_on}"


class Opening(models.Model):
    """Somebody asked for a letter to begin a registration: counted, so that nobody floods a mailbox."""

    at = models.DateTimeField()
    address_hash = models.CharField(max_length=64, blank=True)
    mailbox_hash = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index(name="agency_opening_address", fields=["address_hash", "-at"]),
            models.Index(name="agency_opening_mailbox", fields=["mailbox_hash", "-at"]),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
