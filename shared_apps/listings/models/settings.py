"""What region staff set for the checks: dated figures and the list of words. Both are append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.listings.rules.parameters import Parameter


class ParameterValue(models.Model):
    """A figure from a day on. The latest day that has come decides; of one day the last entry."""

    name = models.CharField(max_length=32, choices=[(name.value, name.value) for name in Parameter])
    value = models.DecimalField(max_digits=9, decimal_places=2)
    valid_from = models.DateField()
    # The document it comes from, or why it was chosen.
    source = models.CharField(max_length=300)
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    entered_by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.CheckConstraint(name="parameter_known", condition=Q(name__in=[name.value for name in Parameter])),
            # numeric takes NaN; between refuses it.
            models.CheckConstraint(name="parameter_is_a_figure", condition=Q(value__gte=0, value__lt=1_000_000)),
            models.CheckConstraint(name="parameter_has_a_source", condition=~Q(source="")),
        )
        indexes = (models.Index(fields=["name", "valid_from", "id"], name="parameter_in_force"),)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class WordChange(models.Model):
    """A word added to or taken off the list that titles and notes are searched for. The last entry of a word holds."""

    word = models.CharField(max_length=20)
    is_listed = models.BooleanField()
    source = models.CharField(max_length=300)
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    entered_by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.CheckConstraint(name="word_is_not_empty", condition=~Q(word="")),
            models.CheckConstraint(name="word_has_a_source", condition=~Q(source="")),
        )
        indexes = (models.Index(fields=["word", "id"], name="word_in_force"),)

    def __str__(self) -> str:
        return self.word
