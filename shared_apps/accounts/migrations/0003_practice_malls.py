"""Who counts as a member in a practice mall: the people of the tenant it trains (tenants.registry.practice)."""

from django.db import migrations

COUNTY = """
CREATE OR REPLACE FUNCTION accounts_mall_visitor(session_hash text, tenant text)
RETURNS TABLE (
    person_id bigint, person_name text, organisation_id bigint, organisation_name text, organisation_kind text,
    organisation_code text, tenant_code text, posts jsonb, invitation_keys text[], member_since timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT u.id, u.name::text, o.id, o.name::text, o.kind::text, o.code::text,
           CASE WHEN o.tenant_code IS NULL THEN NULL ELSE tenant END,
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
                AND (tenant !~ '_practice$' OR o.kind IN ('platform', 'region_finance', 'audit'))))
     WHERE s.secret_hash = session_hash AND s.tenant_code = tenant AND s.ended_at IS NULL
       AND s.expires_at > clock_timestamp()
     ORDER BY m.id
$$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION accounts_mall_visitor(session_hash text, tenant text)
RETURNS TABLE (
    person_id bigint, person_name text, organisation_id bigint, organisation_name text, organisation_kind text,
    organisation_code text, tenant_code text, posts jsonb, invitation_keys text[], member_since timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT u.id, u.name::text, o.id, o.name::text, o.kind::text, o.code::text, o.tenant_code::text,
           m.posts,
           ARRAY(SELECT i.key::text FROM public.accounts_invitation AS i
                  WHERE i.accepted_by = u.id AND i.organisation_id = o.id AND i.accepted_at >= m.created_at),
           m.created_at
      FROM public.accounts_mallsession AS s
      JOIN public.accounts_user AS u ON u.id = s.user_id AND u.is_active
      LEFT JOIN (public.accounts_membership AS m
                 JOIN public.accounts_organisation AS o ON o.id = m.organisation_id AND o.is_active)
        ON m.user_id = u.id AND m.ended_at IS NULL AND (o.tenant_code IS NULL OR o.tenant_code = tenant)
     WHERE s.secret_hash = session_hash AND s.tenant_code = tenant AND s.ended_at IS NULL
       AND s.expires_at > clock_timestamp()
     ORDER BY m.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_mall_functions")]
    operations = [migrations.RunSQL(COUNTY, BEFORE)]
