-- Every look across tenants, in this one file. A door returns ids only; what they name is read again under the
-- tenant's own scope. The functions belong to the role door, which can read just the tables they need.

-- The tenants there are: for sealing the audit trail and the nightly round.
CREATE OR REPLACE FUNCTION door_tenants() RETURNS TABLE (tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT id FROM tenancy_tenant ORDER BY id $$;

-- PIPs whose facts changed since they were last reconciled.
CREATE OR REPLACE FUNCTION door_touched_pips() RETURNS TABLE (tenant_id bigint, pip_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, pip_id FROM tenancy_pipmark
    WHERE touched_at IS NOT NULL AND (reconciled_at IS NULL OR reconciled_at < touched_at)
    ORDER BY touched_at
$$;

-- Tenants with a rung that is due and not settled.
CREATE OR REPLACE FUNCTION door_due_reminders(today date) RETURNS TABLE (tenant_id bigint, reminder_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM obligations_reminder WHERE state = 'planned' AND send_on <= today
$$;

-- Deliveries that wait, or whose claim ran out because the worker that held it is gone.
CREATE OR REPLACE FUNCTION door_waiting_deliveries(moment timestamptz)
RETURNS TABLE (tenant_id bigint, delivery_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM obligations_delivery
    WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until < moment)
      AND (next_attempt_at IS NULL OR next_attempt_at <= moment)
    ORDER BY id
$$;

-- Vendor files that wait for a worker, or whose worker is gone.
CREATE OR REPLACE FUNCTION door_waiting_imports(moment timestamptz) RETURNS TABLE (tenant_id bigint, batch_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT tenant_id, id FROM imports_importbatch
    WHERE state IN ('uploaded', 'checking', 'applying') AND (lease_until IS NULL OR lease_until < moment)
    ORDER BY id
$$;

-- The id of a tenant by its address, for commands that take --tenant.
CREATE OR REPLACE FUNCTION door_tenant(address text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT id FROM tenancy_tenant WHERE slug = address $$;

ALTER FUNCTION door_tenants() OWNER TO door;
ALTER FUNCTION door_touched_pips() OWNER TO door;
ALTER FUNCTION door_due_reminders(date) OWNER TO door;
ALTER FUNCTION door_waiting_deliveries(timestamptz) OWNER TO door;
ALTER FUNCTION door_waiting_imports(timestamptz) OWNER TO door;
ALTER FUNCTION door_tenant(text) OWNER TO door;
