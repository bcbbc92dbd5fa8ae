-- Every look across tenants, in this one file. A door returns ids only; what they name is read again under the
-- tenant's own scope. The functions belong to the role door, which can read just the tables they need.

-- A migration runs the whole file again when it adds a door: only the doors' own role can take the old ones away.
SET LOCAL ROLE door;
DROP FUNCTION IF EXISTS door_tenants, door_round, door_overdue, door_due_reminders, door_waiting_deliveries,
    door_waiting_robots, door_webhooks, door_waiting_events, door_waiting_receipts, door_held,
    door_waiting_imports, door_waiting_freezings, door_tenant, door_notice, door_reckoned, door_periods,
    door_unannounced,
    door_feed;
RESET ROLE;
-- A door may name a table that a later migration makes: it is looked up when somebody goes through.
SET LOCAL check_function_bodies = off;

-- The tenants there are: for sealing the audit trail and the nightly round.
CREATE OR REPLACE FUNCTION door_tenants() RETURNS TABLE (tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT id FROM tenancy_tenant ORDER BY id $$;

-- PIPs to reconcile: their facts changed since the last time, or nobody looked at them yet today.
CREATE OR REPLACE FUNCTION door_round(today date)
RETURNS TABLE (tenant_id bigint, pip_id bigint, is_first_today boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT pip.tenant_id, pip.id, mark.reconciled_on IS DISTINCT FROM today
    FROM tenancy_pip pip LEFT JOIN tenancy_pipmark mark ON mark.pip_id = pip.id
    WHERE mark.reconciled_on IS DISTINCT FROM today
       OR mark.touched_at > coalesce(mark.reconciled_at, '-infinity')
    ORDER BY mark.touched_at, pip.id
$$;

-- Tenants with an open duty past its safe date of which nobody is told today; for weekly rules, not since the week began.
CREATE OR REPLACE FUNCTION door_overdue(today date, weekly text[], week date) RETURNS TABLE (tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT DISTINCT duty.tenant_id
    FROM obligations_obligation duty,
         LATERAL (SELECT CASE WHEN duty.rule = ANY (weekly) THEN week ELSE today END AS since) span
    WHERE duty.state = 'open' AND duty.safe_on < since
      AND NOT EXISTS (
          SELECT 1 FROM obligations_reminder told
          WHERE told.obligation_id = duty.id AND told.aims_at = duty.safe_on AND told.rung NOT LIKE 'up-%'
            AND told.state <> 'cancelled' AND greatest(told.send_on, told.told_on) >= since
      )
$$;

-- Tenants with a rung that is due and not settled.
CREATE OR REPLACE FUNCTION door_due_reminders(today date) RETURNS TABLE (tenant_id bigint, reminder_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM obligations_reminder WHERE state = 'planned' AND send_on <= today
$$;

-- Mails that wait, or whose claim ran out because the worker that held it is gone.
CREATE OR REPLACE FUNCTION door_waiting_deliveries(moment timestamptz)
RETURNS TABLE (tenant_id bigint, delivery_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM obligations_delivery
    WHERE state = 'waiting' AND channel = 'mail' AND (lease_until IS NULL OR lease_until < moment)
      AND (next_attempt_at IS NULL OR next_attempt_at <= moment)
    ORDER BY id
$$;

-- Robots for which something waits.
CREATE OR REPLACE FUNCTION door_waiting_robots(moment timestamptz) RETURNS TABLE (tenant_id bigint, robot_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT DISTINCT tenant_id, robot_id FROM obligations_delivery
    WHERE state = 'waiting' AND channel = 'robot' AND (lease_until IS NULL OR lease_until < moment)
      AND (next_attempt_at IS NULL OR next_attempt_at <= moment)
$$;

-- Webhooks that are told what happens.
CREATE OR REPLACE FUNCTION door_webhooks() RETURNS TABLE (tenant_id bigint, robot_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT tenant_id, id FROM notifications_robot WHERE kind = 'webhook' AND state = 'working' $$;

-- Webhooks with an event that waits.
CREATE OR REPLACE FUNCTION door_waiting_events(moment timestamptz) RETURNS TABLE (tenant_id bigint, robot_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT DISTINCT tenant_id, robot_id FROM notifications_outgoingevent
    WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until < moment)
      AND (next_attempt_at IS NULL OR next_attempt_at <= moment)
$$;

-- Weekly receipts that wait.
CREATE OR REPLACE FUNCTION door_waiting_receipts(moment timestamptz)
RETURNS TABLE (tenant_id bigint, receipt_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM notifications_weeklyreceipt
    WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until < moment)
      AND (next_attempt_at IS NULL OR next_attempt_at <= moment)
    ORDER BY id
$$;

-- Workspaces whose letters a cap holds back, each with one of them.
CREATE OR REPLACE FUNCTION door_held() RETURNS TABLE (tenant_id bigint, delivery_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT tenant_id, min(id) FROM obligations_delivery WHERE held_on IS NOT NULL GROUP BY tenant_id $$;

-- Vendor files that wait for a worker, or whose worker is gone.
CREATE OR REPLACE FUNCTION door_waiting_imports(moment timestamptz) RETURNS TABLE (tenant_id bigint, batch_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM imports_importbatch
    WHERE state IN ('uploaded', 'checking', 'applying') AND (lease_until IS NULL OR lease_until < moment)
    ORDER BY id
$$;

-- Dossiers that wait to be frozen, or whose worker is gone.
CREATE OR REPLACE FUNCTION door_waiting_freezings(moment timestamptz)
RETURNS TABLE (tenant_id bigint, freezing_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM filings_freezing
    WHERE ended_at IS NULL AND (lease_until IS NULL OR lease_until < moment)
    ORDER BY id
$$;

-- The id of a tenant by its address, for commands that take --tenant.
CREATE OR REPLACE FUNCTION door_tenant(address text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT id FROM tenancy_tenant WHERE slug = address $$;

-- The notice that a printed code leads to, whoever reads it: for its public pages.
CREATE OR REPLACE FUNCTION door_notice(address uuid) RETURNS TABLE (tenant_id bigint, notice_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT tenant_id, id FROM deployments_notice WHERE code = address $$;

-- PIPs with an open duty whose period reaches these days: a notice that changes them may move its date.
CREATE OR REPLACE FUNCTION door_reckoned(first date, last date) RETURNS TABLE (tenant_id bigint, pip_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT DISTINCT duty.tenant_id, duty.pip_id FROM obligations_obligation duty
    WHERE duty.state = 'open' AND duty.due_on >= first AND least(duty.reckoned_from, duty.safe_on) <= last
    ORDER BY duty.tenant_id, duty.pip_id
$$;

-- How many open duties run with the same period over these days, by tenant; nothing else about them.
CREATE OR REPLACE FUNCTION door_periods(first date, last date)
RETURNS TABLE (tenant_id bigint, reckoned_from date, reckoned_days integer, reckoned_unit text, duties bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT duty.tenant_id, duty.reckoned_from, duty.reckoned_days::integer, duty.reckoned_unit::text, count(*)
    FROM obligations_obligation duty
    WHERE duty.state = 'open' AND duty.due_on >= first AND least(duty.reckoned_from, duty.safe_on) <= last
      AND duty.reckoned_from IS NOT NULL
    GROUP BY duty.tenant_id, duty.reckoned_from, duty.reckoned_days, duty.reckoned_unit
$$;

-- Whether an open duty is due after a day, up to which the calendar is announced, and since when one of them runs.
CREATE OR REPLACE FUNCTION door_unannounced(announced_until date)
RETURNS TABLE (tenants bigint, duties bigint, since date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT count(DISTINCT duty.tenant_id), count(*), min(coalesce(duty.arose_on, duty.reckoned_from))
    FROM obligations_obligation duty
    WHERE duty.state = 'open' AND duty.due_on > announced_until AND duty.firmness = 'provisional'
$$;

-- The calendar that a secret address leads to; only its hash is stored.
CREATE OR REPLACE FUNCTION door_feed(address uuid) RETURNS TABLE (tenant_id bigint, feed_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM accounts_feedaddress
    WHERE secret_hash = encode(sha256(convert_to(address::text, 'UTF8')), 'hex')
$$;

ALTER FUNCTION door_tenants() OWNER TO door;
ALTER FUNCTION door_round(date) OWNER TO door;
ALTER FUNCTION door_overdue(date, text[], date) OWNER TO door;
ALTER FUNCTION door_due_reminders(date) OWNER TO door;
ALTER FUNCTION door_waiting_deliveries(timestamptz) OWNER TO door;
ALTER FUNCTION door_waiting_robots(timestamptz) OWNER TO door;
ALTER FUNCTION door_webhooks() OWNER TO door;
ALTER FUNCTION door_waiting_events(timestamptz) OWNER TO door;
ALTER FUNCTION door_waiting_receipts(timestamptz) OWNER TO door;
ALTER FUNCTION door_held() OWNER TO door;
ALTER FUNCTION door_waiting_imports(timestamptz) OWNER TO door;
ALTER FUNCTION door_waiting_freezings(timestamptz) OWNER TO door;
ALTER FUNCTION door_tenant(text) OWNER TO door;
ALTER FUNCTION door_notice(uuid) OWNER TO door;
ALTER FUNCTION door_reckoned(date, date) OWNER TO door;
ALTER FUNCTION door_periods(date, date) OWNER TO door;
ALTER FUNCTION door_unannounced(date) OWNER TO door;
ALTER FUNCTION door_feed(uuid) OWNER TO door;
