"""Fiscal years, budget items, procurement plans, adjustments, carry-over; the kinds of entry they write."""

from __future__ import annotations

import django.db.models.deletion
import kernel.fields
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0003_indexes_that_another_begins_with"),
    ]

    operations = [
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("increase", "increase"), ("decrease", "decrease"), ("transfer", "transfer")],
                        max_length=8,
                    ),
                ),
                ("amount", kernel.fields.MoneyField()),
                ("reason", models.CharField(max_length=200)),
                ("document", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked"), ("applied", "applied"), ("refused", "refused")], max_length=10
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=300)),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("asked_by_name", models.CharField(blank=True, max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BudgetItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("project_code", models.CharField(blank=True, max_length=40)),
                ("project_name", models.CharField(blank=True, max_length=120)),
                ("functional_class", models.CharField(max_length=20)),
                ("economic_class", models.CharField(max_length=20)),
                (
                    "fund_source",
                    models.CharField(
                        choices=[
                            ("fiscal", "fiscal"),
                            ("special_account", "special_account"),
                            ("own_income", "own_income"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CarryOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unspent", kernel.fields.MoneyField()),
                ("asked", kernel.fields.MoneyField(default=0)),
                ("asked_reason", models.CharField(blank=True, max_length=200)),
                ("asked_by_name", models.CharField(blank=True, max_length=40)),
                (
                    "decision",
                    models.CharField(blank=True, choices=[("lapse", "lapse"), ("carry", "carry")], max_length=8),
                ),
                ("carried", kernel.fields.MoneyField(default=0)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FiscalYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True)),
                ("opened_at", models.DateTimeField()),
                ("closing_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ProcurementPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("subject", models.CharField(max_length=200)),
                ("amount", kernel.fields.MoneyField()),
                ("expected_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("accepted", "accepted"),
                            ("returned", "returned"),
                        ],
                        max_length=12,
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=300)),
                ("drafted_by_id", models.BigIntegerField(null=True)),
                ("drafted_by_name", models.CharField(blank=True, max_length=40)),
                ("drafted_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="budgetentry",
            name="budget_entry_resolves_a_freeze",
        ),
        migrations.RemoveConstraint(
            model_name="budgetentry",
            name="budget_entry_of_an_order_names_it",
        ),
        migrations.AddField(
            model_name="budgetentry",
            name="other_line_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="quota_number",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="budgetentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("allot", "allot"),
                    ("increase", "increase"),
                    ("reduce", "reduce"),
                    ("transfer_in", "transfer_in"),
                    ("transfer_out", "transfer_out"),
                    ("freeze", "freeze"),
                    ("spend", "spend"),
                    ("release", "release"),
                    ("trim", "trim"),
                    ("lapse", "lapse"),
                    ("carry_out", "carry_out"),
                    ("carry_in", "carry_in"),
                    ("freeze_out", "freeze_out"),
                    ("freeze_in", "freeze_in"),
                ],
                max_length=16,
            ),
        ),
        AddConstraintNotValid(
            model_name="budgetentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("spend", "release", "freeze_out")), ("resolves__isnull", False)),
                    models.Q(
                        models.Q(("kind__in", ("spend", "release", "freeze_out")), _negated=True),
                        ("resolves__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="budget_entry_resolves_a_freeze",
            ),
        ),
        AddConstraintNotValid(
            model_name="budgetentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            (
                                "allot",
                                "increase",
                                "reduce",
                                "transfer_in",
                                "transfer_out",
                                "lapse",
                                "carry_out",
                                "carry_in",
                            ),
                        ),
                        ("order_id__isnull", True),
                    ),
                    models.Q(
                        ("kind__in", ("freeze", "freeze_in", "spend", "release", "freeze_out", "trim")),
                        ("order_id__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="budget_entry_of_an_order_names_it",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="budgets.budgetline"
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="to_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="adjustments_in",
                to="budgets.budgetline",
            ),
        ),
        migrations.AddField(
            model_name="budgetitem",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="budgets.budgetunit",
            ),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="item",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="budgets.budgetitem"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("quota_number", ""), _negated=True),
                fields=("fiscal_year", "quota_number"),
                name="budget_line_quota_once",
            ),
        ),
        migrations.AddField(
            model_name="carryover",
            name="line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="carry_over", to="budgets.budgetline"
            ),
        ),
        migrations.AddConstraint(
            model_name="fiscalyear",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 2000), ("year__lte", 2199)), name="fiscal_year_is_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="fiscalyear",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at__isnull", True), ("closing_at__isnull", False), _connector="OR"),
                name="fiscal_year_closes_before_it_is_closed",
            ),
        ),
        migrations.AddField(
            model_name="procurementplan",
            name="line",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="budgets.budgetline",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", 0),
                    ("amount__lt", models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")),
                    ("amount__gt", 0),
                ),
                name="adjustment_amount_is_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "transfer"),
                        ("to_line__isnull", False),
                        models.Q(("to_line", models.F("line")), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "transfer"), _negated=True), ("to_line__isnull", True)),
                    _connector="OR",
                ),
                name="adjustment_moves_between_lines",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "transfer"), ("state", "applied"), _negated=True),
                    models.Q(("asked_by_id", models.F("decided_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="adjustment_by_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("comment", ""), _negated=True),
                    _connector="OR",
                ),
                name="adjustment_refusal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetitem",
            constraint=models.UniqueConstraint(
                fields=("unit", "name", "project_code", "functional_class", "economic_class", "fund_source"),
                name="budget_item_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unspent__gte", 0),
                    ("unspent__lt", models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")),
                    ("asked__gte", 0),
                    ("asked__lt", models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")),
                    ("carried__gte", 0),
                    ("carried__lt", models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")),
                ),
                name="carry_over_amounts_are_money",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "carry"), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), ("carried__gt", 0)),
                    _connector="OR",
                ),
                name="carry_over_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="carryover",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision", "carry"), ("carried", 0), _connector="OR"),
                name="carry_over_carries_by_decision",
            ),
        ),
        migrations.AddIndex(
            model_name="procurementplan",
            index=models.Index(fields=["state", "-id"], name="plan_by_state"),
        ),
        migrations.AddConstraint(
            model_name="procurementplan",
            constraint=models.UniqueConstraint(fields=("line", "version"), name="plan_version_once"),
        ),
        migrations.AddConstraint(
            model_name="procurementplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "returned", "submitted"])),
                fields=("line",),
                name="plan_one_open_a_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="procurementplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", 0),
                    ("amount__lt", models.Func(output_field=models.DecimalField(), template="'Infinity'::numeric")),
                    ("amount__gt", 0),
                ),
                name="plan_amount_is_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="procurementplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(("comment", ""), _negated=True),
                    _connector="OR",
                ),
                name="plan_return_says_why",
            ),
        ),
    ]
