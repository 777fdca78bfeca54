"""What the seal covers is closed to every login once a statement is issued; periods that region staff set."""

from django.db import migrations, models
from django.db.models import Q

SEALED = """
CREATE FUNCTION fees_sealed_statement_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a statement is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.seal <> '' AND
       (NEW.number, NEW.tenant_code, NEW.tenant_name, NEW.level, NEW.month, NEW.upto_use, NEW.metered_at,
        NEW.tariff_id, NEW.total, NEW.priced_at, NEW.seal, NEW.issued_at, NEW.issued_by, NEW.issued_by_name,
        NEW.dispute_until, NEW.pay_by)
       IS DISTINCT FROM
       (OLD.number, OLD.tenant_code, OLD.tenant_name, OLD.level, OLD.month, OLD.upto_use, OLD.metered_at,
        OLD.tariff_id, OLD.total, OLD.priced_at, OLD.seal, OLD.issued_at, OLD.issued_by, OLD.issued_by_name,
        OLD.dispute_until, OLD.pay_by) THEN
        RAISE EXCEPTION 'an issued statement is sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION fees_sealed_statement_stays() FROM PUBLIC;
CREATE TRIGGER sealed_statement_stays BEFORE UPDATE OR DELETE ON fees_feestatement
    FOR EACH ROW EXECUTE FUNCTION fees_sealed_statement_stays();

CREATE FUNCTION fees_sealed_takes_no_part() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN public.fees_feestatement s ON s.id = added.statement_id WHERE s.seal <> '') THEN
        RAISE EXCEPTION 'an issued statement is sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION fees_sealed_takes_no_part() FROM PUBLIC;
CREATE TRIGGER sealed_takes_no_line AFTER INSERT ON fees_statementline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fees_sealed_takes_no_part();
CREATE TRIGGER sealed_takes_no_share AFTER INSERT ON fees_statementshare
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fees_sealed_takes_no_part();

CREATE FUNCTION fees_sealed_takes_no_use() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT line_id FROM added) a
                 JOIN public.fees_statementline l ON l.id = a.line_id
                 JOIN public.fees_feestatement s ON s.id = l.statement_id
                WHERE s.seal <> '') THEN
        RAISE EXCEPTION 'an issued statement is sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION fees_sealed_takes_no_use() FROM PUBLIC;
CREATE TRIGGER sealed_takes_no_use AFTER INSERT ON fees_statementuse
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fees_sealed_takes_no_use();
"""

OPEN_AGAIN = """
DROP TRIGGER sealed_takes_no_use ON fees_statementuse;
DROP TRIGGER sealed_takes_no_share ON fees_statementshare;
DROP TRIGGER sealed_takes_no_line ON fees_statementline;
DROP TRIGGER sealed_statement_stays ON fees_feestatement;
DROP FUNCTION fees_sealed_takes_no_use();
DROP FUNCTION fees_sealed_takes_no_part();
DROP FUNCTION fees_sealed_statement_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("fees", "0004_price_kinds")]

    operations = [
        migrations.CreateModel(
            name="FeePeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("closing_grace_days", "closing_grace_days"),
                            ("dispute_working_days", "dispute_working_days"),
                            ("answer_working_days", "answer_working_days"),
                            ("payment_days", "payment_days"),
                        ],
                        max_length=32,
                    ),
                ),
                ("value", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=300)),
                ("entered_at", models.DateTimeField()),
                ("entered_by", models.BigIntegerField(null=True)),
                ("entered_by_name", models.CharField(max_length=40)),
            ],
            options={
                "indexes": [models.Index(fields=["name", "valid_from", "id"], name="fee_period_in_force")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            (
                                "name__in",
                                ["closing_grace_days", "dispute_working_days", "answer_working_days", "payment_days"],
                            )
                        ),
                        name="fee_period_known",
                    ),
                    models.CheckConstraint(condition=Q(("source", ""), _negated=True), name="fee_period_has_a_source"),
                ],
            },
        ),
        migrations.AddField("feestatement", "pay_by", models.DateField(null=True)),
        migrations.AddField(
            "statementline", "corrects", models.CharField(blank=True, db_default="", default="", max_length=12)
        ),
        migrations.RemoveConstraint("statementline", "statement_line_once"),
        migrations.AddConstraint(
            "statementline",
            models.UniqueConstraint(
                fields=("statement", "kind", "item", "corrects", "for_month", "dispute_id"),
                name="statement_line_once",
                nulls_distinct=False,
            ),
        ),
        migrations.RemoveConstraint("feestatement", "statement_issued_is_sealed"),
        migrations.AddConstraint(
            "feestatement",
            models.CheckConstraint(
                condition=Q(seal="", state__in=["metered", "priced"])
                | Q(
                    seal__regex="^[0-9a-f]{64}$",
                    issued_at__isnull=False,
                    dispute_until__isnull=False,
                    pay_by__isnull=False,
                ),
                name="statement_issued_is_sealed",
            ),
        ),
        migrations.RunSQL(SEALED, OPEN_AGAIN),
    ]
