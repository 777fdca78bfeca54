"""Brands and SPUs, certificates, and how all that suppliers propose is reviewed. People's names are not for malls."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shared_apps.products.models.product import Product
from shared_apps.products.rules import CERTIFIED_LABELS, CertificateState, ProposalState

_CHOICES = [(state.value, state.value) for state in ProposalState]
_NOT_REFUSED = ~Q(state=ProposalState.REFUSED.value)


class Brand(models.Model):
    """A brand, reviewed once for the region. One of a key that is not refused."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    owner = models.CharField(max_length=120, blank=True)
    trademark_number = models.CharField(max_length=40, blank=True)
    # Who proposed it; none where the region's staff entered it.
    supplier = models.ForeignKey("suppliers.Supplier", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=_CHOICES)
    # Where a merged one leads, always to one that is not merged itself; its name is found for the other's products.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="brand_merged_leads_on",
                condition=Q(state=ProposalState.MERGED.value, merged_into__isnull=False)
                | ~Q(state=ProposalState.MERGED.value) & Q(merged_into__isnull=True),
            ),
            models.UniqueConstraint(name="brand_once", fields=["key"], condition=_NOT_REFUSED),
            models.CheckConstraint(
                name="brand_state_known", condition=Q(state__in=[state.value for state in ProposalState])
            ),
            models.CheckConstraint(name="brand_has_a_key", condition=~Q(key="")),
        )

    def __str__(self) -> str:
        return self.name


class Spu(models.Model):
    """A model of a brand; its products (SKUs) differ by specification. One of a model key that is not refused."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="spus")
    category = models.ForeignKey("classification.CatalogueCategory", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("classification.ItemCategory", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    model = models.CharField(max_length=60)
    model_key = models.CharField(max_length=120, db_index=True)
    unit = models.CharField(max_length=10)
    supplier = models.ForeignKey("suppliers.Supplier", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=_CHOICES)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="spu_merged_leads_on",
                condition=Q(state=ProposalState.MERGED.value, merged_into__isnull=False)
                | ~Q(state=ProposalState.MERGED.value) & Q(merged_into__isnull=True),
            ),
            models.UniqueConstraint(name="spu_once", fields=["brand", "model_key"], condition=_NOT_REFUSED),
            models.CheckConstraint(
                name="spu_state_known", condition=Q(state__in=[state.value for state in ProposalState])
            ),
            models.CheckConstraint(name="spu_has_a_key", condition=~Q(model_key="")),
        )
        indexes = (models.Index(fields=["category", "state"], name="spu_category_state"),)

    def __str__(self) -> str:
        return f"{self.model} {self.name}"


class ProductProposal(models.Model):
    """Who proposed a product; a product without one was entered by the region's staff."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.PROTECT, related_name="proposal")
    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.product_id}"


class ProductMerge(models.Model):
    """A product that was another one already: its address leads to `into`. Never undone, so that no chain loops."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.PROTECT, related_name="merge")
    into = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="merged")
    reason = models.CharField(max_length=300)
    offers_moved = models.PositiveIntegerField()
    offers_delisted = models.PositiveIntegerField()
    merged_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(name="merge_into_another", condition=~Q(product=F("into"))),)

    def __str__(self) -> str:
        return f"{self.product_id} -> {self.into_id}"


class ProductCertificate(models.Model):
    """What a label rests on: energy-saving or environment certificate with number and expiry (Caiku [2019] 9)."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="certificates")
    label = models.CharField(max_length=12, choices=[(label.value, label.value) for label in CERTIFIED_LABELS])
    number = models.CharField(max_length=60)
    body = models.CharField(max_length=120)
    valid_from = models.DateField()
    expires_on = models.DateField()
    # The region's file that shows it; none for the demonstration's.
    file_key = models.CharField(max_length=70, blank=True)
    supplier = models.ForeignKey("suppliers.Supplier", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in CertificateState])
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            # One certificate stands for one label of a product once; a refused or revoked one may come again.
            models.UniqueConstraint(
                name="certificate_once",
                fields=["product", "label", "number"],
                condition=Q(state__in=[CertificateState.PROPOSED.value, CertificateState.APPROVED.value]),
            ),
            models.CheckConstraint(
                name="certificate_label_known", condition=Q(label__in=[label.value for label in CERTIFIED_LABELS])
            ),
            models.CheckConstraint(
                name="certificate_state_known", condition=Q(state__in=[state.value for state in CertificateState])
            ),
            models.CheckConstraint(
                name="certificate_ends_after_it_begins", condition=Q(expires_on__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="certificate_has_a_number", condition=~Q(number="") & ~Q(body="")),
        )
        indexes = (models.Index(fields=["expires_on"], name="certificate_expires"),)

    def __str__(self) -> str:
        return f"{self.label} {self.number}"


class ReviewStep(models.Model):
    """One step in the life of what was proposed, with who did it and why. Never changed."""

    brand = models.ForeignKey(Brand, null=True, on_delete=models.PROTECT, related_name="steps")
    spu = models.ForeignKey(Spu, null=True, on_delete=models.PROTECT, related_name="steps")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="steps")
    certificate = models.ForeignKey(ProductCertificate, null=True, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=40)
    organisation_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="step_of_one_thing",
                condition=Q(brand__isnull=False, spu__isnull=True, product__isnull=True, certificate__isnull=True)
                | Q(brand__isnull=True, spu__isnull=False, product__isnull=True, certificate__isnull=True)
                | Q(brand__isnull=True, spu__isnull=True, product__isnull=False, certificate__isnull=True)
                | Q(brand__isnull=True, spu__isnull=True, product__isnull=True, certificate__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.action


class ProductImage(models.Model):
    """A photograph of a product, in its place beside the drawing. The bytes lie with the region's files."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="images")
    place = models.PositiveSmallIntegerField()
    alt = models.CharField(max_length=120)
    file_key = models.CharField(max_length=70, unique=True)
    kind = models.CharField(max_length=4, choices=[("png", "png"), ("jpeg", "jpeg")])
    sm3 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    # Taken off, with the row kept: what was shown beside an offer can be looked up.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="image_place_once", fields=["product", "place"], condition=Q(removed_at__isnull=True)
            ),
            models.CheckConstraint(name="image_place_is_one", condition=Q(place__gte=1, place__lte=8)),
            models.CheckConstraint(name="image_kind_known", condition=Q(kind__in=["png", "jpeg"])),
            models.CheckConstraint(name="image_has_words", condition=~Q(alt="")),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.place}"
