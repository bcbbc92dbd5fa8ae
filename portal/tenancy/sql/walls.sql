-- Read by row-level security: the tenant and the user of this transaction, or NULL, which matches no row.
CREATE OR REPLACE FUNCTION portal_tenant() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('portal.tenant', true), '')::bigint $$;

CREATE OR REPLACE FUNCTION portal_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('portal.user', true), '')::bigint $$;

-- The PIP that a row is about.
CREATE OR REPLACE FUNCTION audit_pip(table_name text, subject jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE
AS $$
    SELECT (subject ->> CASE table_name WHEN 'tenancy_pip' THEN 'id'
                                        WHEN 'accounts_pipgrouppermission' THEN 'content_object_id'
                                        ELSE 'pip_id' END)::bigint
$$;

-- The text of one event: what is sealed is this text, never a later rendering of it.
CREATE OR REPLACE FUNCTION audit_body(operation text, table_name text, tenant_column text, subject jsonb, detail jsonb)
RETURNS text LANGUAGE sql STABLE
AS $$
    SELECT (jsonb_build_object(
        'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'actor', current_setting('portal.actor', true),
        'verb', current_setting('portal.verb', true),
        'reason', current_setting('portal.reason', true),
        'request', current_setting('portal.request', true),
        'operation', operation,
        'table', table_name,
        'row', subject ->> 'id',
        'pip', audit_pip(table_name, subject),
        'tenant', subject ->> tenant_column,
        'subject', coalesce(subject ->> 'reference', subject ->> 'code', subject ->> 'serial', subject ->> 'uscc',
                            subject ->> 'name', subject ->> 'id')
    ) || detail)::text
$$;

CREATE OR REPLACE FUNCTION audit_require_actor() RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    IF coalesce(current_setting('portal.actor', true), '') = '' THEN
        RAISE EXCEPTION 'a write without an actor is refused: open it with acting(...)';
    END IF;
END $$;

-- What is written for each changed row. SECURITY DEFINER: the serving role may read the trail, never write it.
-- The first argument names the column of the tenant; of the columns after it the values are withheld.
CREATE OR REPLACE FUNCTION audit_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM audit_require_actor();
    INSERT INTO audit_auditevent (tenant_id, at, transaction, actor, verb, table_name, row_id, pip_id, operation, body)
    SELECT (r ->> TG_ARGV[0])::bigint, now(), pg_current_xact_id()::text::bigint,
           current_setting('portal.actor', true), coalesce(current_setting('portal.verb', true), ''),
           TG_TABLE_NAME, r ->> 'id',
           audit_pip(TG_TABLE_NAME, r),
           'insert',
           audit_body('insert', TG_TABLE_NAME, TG_ARGV[0], r, jsonb_build_object('new', jsonb_strip_nulls(r - TG_ARGV[1:])))
    FROM (SELECT to_jsonb(n) AS r FROM new_rows n OFFSET 0) rows;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM audit_require_actor();
    INSERT INTO audit_auditevent (tenant_id, at, transaction, actor, verb, table_name, row_id, pip_id, operation, body)
    SELECT (r ->> TG_ARGV[0])::bigint, now(), pg_current_xact_id()::text::bigint,
           current_setting('portal.actor', true), coalesce(current_setting('portal.verb', true), ''),
           TG_TABLE_NAME, r ->> 'id',
           audit_pip(TG_TABLE_NAME, r),
           'update',
           audit_body('update', TG_TABLE_NAME, TG_ARGV[0], r, jsonb_build_object('changes', changes))
    FROM (
        -- OFFSET 0: a row becomes jsonb once, not at each of its mentions.
        SELECT both_rows.r, difference.changes
        FROM (
            -- LEFT: a row whose id itself was changed has no former one, and still leaves its mark.
            SELECT to_jsonb(n) AS r, to_jsonb(o) AS before
            FROM new_rows n LEFT JOIN old_rows o ON o.id = n.id OFFSET 0
        ) both_rows
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(
                fresh.key,
                CASE WHEN fresh.key = ANY (TG_ARGV[1:]) THEN '[null, null]'
                     ELSE jsonb_build_array(before -> fresh.key, fresh.value) END
            ) AS changes
            FROM jsonb_each(r) fresh
            WHERE before -> fresh.key IS DISTINCT FROM fresh.value
        ) difference
        WHERE difference.changes IS NOT NULL
        OFFSET 0
    ) rows;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM audit_require_actor();
    INSERT INTO audit_auditevent (tenant_id, at, transaction, actor, verb, table_name, row_id, pip_id, operation, body)
    SELECT (r ->> TG_ARGV[0])::bigint, now(), pg_current_xact_id()::text::bigint,
           current_setting('portal.actor', true), coalesce(current_setting('portal.verb', true), ''),
           TG_TABLE_NAME, r ->> 'id',
           audit_pip(TG_TABLE_NAME, r),
           'delete',
           audit_body('delete', TG_TABLE_NAME, TG_ARGV[0], r, jsonb_build_object('old', jsonb_strip_nulls(r - TG_ARGV[1:])))
    FROM (SELECT to_jsonb(o) AS r FROM old_rows o OFFSET 0) rows;
    RETURN NULL;
END $$;

-- They are called by triggers only: whoever could hang them on a table of his own could write what never happened.
REVOKE EXECUTE ON FUNCTION audit_insert(), audit_update(), audit_delete() FROM PUBLIC, app, door;
