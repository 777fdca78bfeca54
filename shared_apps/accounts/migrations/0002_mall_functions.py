"""The only ways in which a mall's request (login yz_mall) touches people. Each asks for the hash of a secret.

Plain SQL with a fixed search path; owned by the owner of all tables, callable by yz_mall alone.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION accounts_enter_mall(ticket_hash text, tenant text, session_hash text, session_hours integer)
RETURNS TABLE (person_id bigint, next_path text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    person bigint;
    path text;
BEGIN
    IF length(session_hash) <> 64 OR session_hours NOT BETWEEN 1 AND 24 THEN
        RETURN;
    END IF;
    -- The row lock makes the second of two uses wait, look again and find it used.
    UPDATE public.accounts_handoff AS h SET used_at = moment
      FROM public.accounts_user AS u
     WHERE h.secret_hash = ticket_hash AND h.tenant_code = tenant AND h.used_at IS NULL AND h.expires_at > moment
       AND u.id = h.user_id AND u.is_active
    RETURNING h.user_id, h.next_path INTO person, path;
    IF person IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO public.accounts_mallsession (secret_hash, user_id, tenant_code, created_at, expires_at)
    VALUES (session_hash, person, tenant, moment, moment + make_interval(hours => session_hours));
    RETURN QUERY SELECT person, path;
END $$;

CREATE FUNCTION accounts_mall_visitor(session_hash text, tenant text)
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

CREATE FUNCTION accounts_leave_mall(session_hash text, tenant text) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    UPDATE public.accounts_mallsession AS s SET ended_at = clock_timestamp()
     WHERE s.secret_hash = session_hash AND s.tenant_code = tenant AND s.ended_at IS NULL
    RETURNING s.user_id
$$;

REVOKE ALL ON FUNCTION accounts_enter_mall(text, text, text, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION accounts_mall_visitor(text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION accounts_leave_mall(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_enter_mall(text, text, text, integer) TO yz_mall;
GRANT EXECUTE ON FUNCTION accounts_mall_visitor(text, text) TO yz_mall;
GRANT EXECUTE ON FUNCTION accounts_leave_mall(text, text) TO yz_mall;
"""

DROP = """
DROP FUNCTION accounts_enter_mall(text, text, text, integer);
DROP FUNCTION accounts_mall_visitor(text, text);
DROP FUNCTION accounts_leave_mall(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
