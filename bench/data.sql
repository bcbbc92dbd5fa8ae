-- Every row follows from its number, so that two loads give the same database. The giant tenant is number 1.

-- Columns that Django fills with a default get one here while the rows are loaded, and lose it again at the end.
CREATE TEMP TABLE lent AS
SELECT c.table_name, c.column_name, CASE c.udt_name WHEN 'bool' THEN 'false' WHEN 'jsonb' THEN '''{}''' WHEN 'timestamptz'
       THEN 'now()' WHEN 'varchar' THEN '''''' WHEN 'text' THEN '''''' WHEN '_varchar' THEN '''{}''' ELSE '0' END AS value
FROM information_schema.columns c
WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
      AND split_part(table_name, '_', 1) IN ('tenancy', 'accounts', 'deployments', 'obligations')
      AND column_name NOT LIKE '%%\_id' AND udt_name IN ('bool', 'int2', 'int4', 'varchar', 'text', 'jsonb', 'timestamptz', '_varchar');
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT * FROM lent LOOP
        EXECUTE format('ALTER TABLE %%I ALTER %%I SET DEFAULT %%s', one.table_name, one.column_name, one.value);
    END LOOP;
END $$;

INSERT INTO tenancy_tenant (id, slug, name, created_at)
SELECT n, 't' || n, '租户 ' || n, '2026-01-01' FROM generate_series(1, %(tenants)s) n;

INSERT INTO tenancy_pip (id, tenant_id, uscc, name, province, organisation_type)
SELECT id, tenant_id, uscc, '示例科技第' || id || '有限公司', (ARRAY['11', '33', '44', '51'])[1 + id %% 4], 'enterprise'
FROM pip_given;

-- Everything was reconciled today: a round finds nothing to do but the round itself.
INSERT INTO tenancy_pipmark (tenant_id, pip_id, touched_at, reconciled_at, reconciled_on)
SELECT tenant_id, id, '2026-10-11', now(), %(today)s FROM pip_given;

-- One owner a tenant, in one team, with its grants.
INSERT INTO accounts_user (id, password, email, name, language, theme, density, is_active)
SELECT n, '!', 'owner@t' || n || '.example', 'Owner ' || n, 'zh-hans', 'auto', 'comfortable', true
FROM generate_series(1, %(tenants)s) n;
INSERT INTO auth_group (id, name) SELECT n, md5(n::text) FROM generate_series(1, %(tenants)s) n;
INSERT INTO accounts_user_groups (user_id, group_id) SELECT n, n FROM generate_series(1, %(tenants)s) n;
INSERT INTO accounts_membership (id, tenant_id, user_id) SELECT n, n, n FROM generate_series(1, %(tenants)s) n;
INSERT INTO accounts_team (id, tenant_id, name, role, has_all_pips, group_id)
SELECT n, n, 'Owners', 'owner', true, n FROM generate_series(1, %(tenants)s) n;
INSERT INTO accounts_teammember (tenant_id, team_id, membership_id)
SELECT n, n, n FROM generate_series(1, %(tenants)s) n;
INSERT INTO accounts_pipgrouppermission (tenant_id, content_object_id, group_id, permission_id)
SELECT pip_given.tenant_id, pip_given.id, pip_given.tenant_id, auth_permission.id
FROM pip_given CROSS JOIN auth_permission JOIN django_content_type type ON type.id = content_type_id
WHERE type.app_label = 'tenancy' AND codename = ANY (%(pip_permissions)s);
INSERT INTO accounts_tenantgrouppermission (content_object_id, group_id, permission_id)
SELECT n, n, auth_permission.id
FROM generate_series(1, %(tenants)s) n
CROSS JOIN auth_permission JOIN django_content_type type ON type.id = content_type_id
WHERE type.app_label = 'tenancy' AND codename = ANY (%(tenant_permissions)s);

-- Five scenarios a PIP.
INSERT INTO deployments_scenario (id, tenant_id, pip_id, code, name, scope, function)
SELECT (p.id - 1) * 5 + s, p.tenant_id, p.id, CASE s WHEN 1 THEN 'GATE' ELSE 'SC' || s END,
       (ARRAY['人脸门禁', '访客登记', '登机核验', '考勤', '支付'])[s], 'in', 'verify'
FROM pip_given p CROSS JOIN generate_series(1, 5) s;

-- Which PIP the n-th deployment belongs to: the giant's PIPs first, then one PIP for each other tenant.
CREATE TEMP TABLE place AS
SELECT n, CASE WHEN n <= %(giant_deployments)s THEN 1 + n %% %(giant_pips)s
               ELSE %(giant_pips)s + 1 + n %% (%(pips)s - %(giant_pips)s) END AS pip_id
FROM generate_series(1, %(deployments)s) n;

-- Twenty deployments a site.
CREATE TEMP TABLE ranked AS
SELECT n, pip_id, row_number() OVER (PARTITION BY pip_id ORDER BY n) - 1 AS nth FROM place;
INSERT INTO deployments_site (id, tenant_id, pip_id, code, name, province, city, address, place_type)
SELECT min(n), p.tenant_id, r.pip_id, 'S' || nth / 20, '第' || nth / 20 || '号站点', '33', '杭州市',
       '人民路' || nth / 20 || '号', (ARRAY['public', 'internal', 'residential'])[1 + (nth / 20) %% 3]
FROM ranked r JOIN pip_given p ON p.id = r.pip_id
GROUP BY p.tenant_id, r.pip_id, nth / 20;

-- Out of the order of their codes on disk, as a register is that grew over years.
INSERT INTO deployments_deployment (id, tenant_id, pip_id, code, scenario_id, site_id, status, started_on, ended_on,
    disposed_on, note)
SELECT r.n, p.tenant_id, r.pip_id, 'FR-' || upper(substr(md5(r.n::text), 1, 3)) || '-' || lpad(r.n::text, 7, '0'),
       (r.pip_id - 1) * 5 + 1 + r.n %% 5, min(r.n) OVER (PARTITION BY r.pip_id, r.nth / 20),
       CASE WHEN r.n %% 100 < 5 THEN 'planned' WHEN r.n %% 100 < 85 THEN 'active' WHEN r.n %% 100 < 90 THEN 'suspended'
            ELSE 'terminated' END,
       CASE WHEN r.n %% 100 >= 5 THEN date '2024-01-01' + (r.n %% 900)::integer END,
       CASE WHEN r.n %% 100 >= 90 THEN date '2026-09-01' END,
       NULL, '入口' || r.n %% 7
FROM ranked r JOIN pip_given p ON p.id = r.pip_id;

-- Three of four obligations are open; one of fifty is past its safe date.
INSERT INTO obligations_obligation (id, tenant_id, pip_id, rule, subject, state, arose_on, due_on, safe_on, firmness,
    is_confirmed, is_critical, why_en, why_zh, calendar_version)
SELECT n, p.tenant_id, p.id, (%(rules)s::text[])[1 + n %% cardinality(%(rules)s::text[])], 'deployment:' || n, CASE WHEN n %% 4 = 0 THEN 'met' ELSE 'open' END,
       day - 30, day, day, 'firm', true, false, 'The count reached 100,000 on that day.', '当日存储数量达到十万人。', '2026'
FROM generate_series(1, %(obligations)s) n
JOIN pip_given p ON p.id = 1 + n %% %(pips)s
CROSS JOIN LATERAL (
    SELECT %(today)s::date + CASE WHEN n %% 50 = 1 THEN -1 - (n %% 20)::integer ELSE 1 + (n %% 60)::integer END AS day
) d;

-- Two rungs for each open duty: the next one, due today for one in sixty-one, and a later one.
INSERT INTO obligations_reminder (tenant_id, pip_id, obligation_id, rung, aims_at, send_on, state, is_late)
SELECT tenant_id, pip_id, id, rung, safe_on, %(today)s::date + (id %% 61)::integer + later, 'planned', false
FROM obligations_obligation CROSS JOIN (VALUES ('5', 0), ('0', 7)) rungs (rung, later)
WHERE state = 'open';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tenancy_tenant', 'tenancy_pip', 'accounts_user', 'auth_group', 'accounts_membership',
        'accounts_team', 'deployments_scenario', 'deployments_site', 'deployments_deployment', 'obligations_obligation']
    LOOP
        EXECUTE format('SELECT setval(pg_get_serial_sequence(%%L, ''id''), (SELECT max(id) FROM %%I))', name, name);
    END LOOP;
END $$;

DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT * FROM lent LOOP
        EXECUTE format('ALTER TABLE %%I ALTER %%I DROP DEFAULT', one.table_name, one.column_name);
    END LOOP;
END $$;
