"""Rule versions, the working-day calendar and the law's own words."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from shared_apps.rulebook.rules import THRESHOLDS, Basis, VersionState


class RuleVersion(models.Model):
    """One rule as it reads from `valid_from` until before `valid_to`. What it says never changes; a new version does.

    Its scope is (code, module, level, kind), with "*" for all. In one scope a verified version goes before a shipped
    one, and verified versions follow each other without overlap.
    """

    code = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    module = models.CharField(max_length=24)
    level = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    amount = MoneyField(null=True)  # type: ignore[misc]  # the field's type knows no null
    parameters = models.JSONField(default=dict)
    severity = models.CharField(max_length=8, default="block")
    basis = models.CharField(max_length=12, choices=[(basis.value, basis.value) for basis in Basis])
    legal_basis = models.CharField(max_length=200)
    articles = models.JSONField(default=list)
    explanation = models.TextField(blank=True)
    document_number = models.CharField(max_length=80, blank=True)
    document_on = models.DateField(null=True)
    source_url = models.URLField(max_length=300, blank=True)
    source_text = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in VersionState])
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    entered_by_name = models.CharField(max_length=40, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by_id = models.BigIntegerField(null=True)
    verified_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            # A demonstration amount is nobody's law, however convenient it would be to treat it so.
            models.CheckConstraint(
                name="rule_version_demo_is_never_verified",
                condition=Q(is_demo=False) | Q(state=VersionState.SHIPPED.value, verified_at__isnull=True),
            ),
            models.CheckConstraint(
                name="rule_version_verified_says_when_and_by_what",
                condition=Q(
                    state=VersionState.VERIFIED.value,
                    verified_at__isnull=False,
                    verified_by_id__isnull=False,
                    document_on__isnull=False,
                )
                & ~Q(document_number="")
                & ~Q(source_text="")
                | ~Q(state=VersionState.VERIFIED.value) & Q(verified_at__isnull=True),
            ),
            models.CheckConstraint(
                name="rule_version_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="rule_version_amount_is_money", condition=Q(amount__isnull=True) | money_check("amount")
            ),
            # A limit of nothing would refuse every purchase; a limit without an amount would allow every one.
            models.CheckConstraint(
                name="rule_version_threshold_has_an_amount",
                condition=~Q(code__in=THRESHOLDS) | Q(amount__isnull=False, amount__gt=0),
            ),
            models.UniqueConstraint(
                name="rule_version_number_once", fields=["code", "module", "level", "kind", "version"]
            ),
            # One open version a scope: the former ends where the next begins.
            models.UniqueConstraint(
                name="rule_version_one_open_verified",
                fields=["code", "module", "level", "kind"],
                condition=Q(state=VersionState.VERIFIED.value, valid_to__isnull=True),
            ),
            models.UniqueConstraint(
                name="rule_version_one_open_shipped",
                fields=["code", "module", "level", "kind"],
                condition=Q(state=VersionState.SHIPPED.value, valid_to__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class CalendarDay(models.Model):
    """One day of a year announced by the State Council, make-up days included. A year not announced has no rows."""

    date = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    kind = models.CharField(max_length=10)
    source = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.date.isoformat()


class LawArticle(models.Model):
    """An article, word for word, in one version of its statute. Decisions name it; versions are never replaced."""

    statute = models.CharField(max_length=24)
    title = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    article = models.PositiveSmallIntegerField()
    article_label = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(name="law_article_once", fields=["statute", "version", "article"]),)

    def __str__(self) -> str:
        return f"{self.statute}:{self.article}"
