"""A mall's door also knows the supervisors of bureaus that its level answers to (divisions_supervision).

They come with their own level's code, which is not the mall's: by that the product tells them from the mall's own
bureau, and lets them read only. Nobody else of those bureaus, and none in a practice mall, which answers to nobody.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("shared_apps.accounts.migrations.0003_practice_malls").COUNTY
ABOVE = """
CREATE OR REPLACE FUNCTION accounts_mall_visitor(session_hash text, tenant text)
RETURNS TABLE (
    person_id bigint, person_name text, organisation_id bigint, organisation_name text, organisation_kind text,
    organisation_code text, tenant_code text, posts jsonb, invitation_keys text[], member_since timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE above(code) AS (
        SELECT s.supervisor_code FROM public.divisions_supervision AS s
         WHERE s.tenant_code = tenant AND s.valid_to IS NULL
        UNION
        SELECT s.supervisor_code FROM public.divisions_supervision AS s JOIN above AS a ON s.tenant_code = a.code
         WHERE s.valid_to IS NULL
    )
    SELECT u.id, u.name::text, o.id, o.name::text, o.kind::text, o.code::text,
           CASE WHEN o.tenant_code = regexp_replace(tenant, '_practice$', '') THEN tenant ELSE o.tenant_code END,
           m.posts,
           ARRAY(SELECT i.key::text FROM public.accounts_invitation AS i
                  WHERE i.accepted_by = u.id AND i.organisation_id = o.id AND i.accepted_at >= m.created_at),
           m.created_at
      FROM public.accounts_mallsession AS s
      JOIN public.accounts_user AS u ON u.id = s.user_id AND u.is_active
      LEFT JOIN (public.accounts_membership AS m
                 JOIN public.accounts_organisation AS o ON o.id = m.organisation_id AND o.is_active)
        ON m.user_id = u.id AND m.ended_at IS NULL
       -- A practice mall is its county's own: the county's organisations count in it as they do at home. Of those
       -- that serve the whole region only the ones that look after malls come in, no supplier and no agency.
       AND (o.tenant_code = regexp_replace(tenant, '_practice$', '')
            OR (o.tenant_code IS NULL
                AND (tenant !~ '_practice$' OR o.kind IN ('platform', 'region_finance', 'audit')))
            OR (o.kind = 'finance_bureau' AND m.posts @> '["tier_supervisor"]'
                AND o.tenant_code IN (SELECT code FROM above)))
     WHERE s.secret_hash = session_hash AND s.tenant_code = tenant AND s.ended_at IS NULL
       AND s.expires_at > clock_timestamp()
     ORDER BY m.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_practice_malls"), ("divisions", "0001_initial")]
    operations = [migrations.RunSQL(ABOVE, BEFORE)]
