-- Nobody but the triggers writes the trail, and nobody changes it but the seal, once.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_auditevent, audit_auditseal FROM app;

CREATE OR REPLACE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
       AND to_jsonb(NEW) - 'seal_id' = to_jsonb(OLD) - 'seal_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;

CREATE OR REPLACE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit_auditevent
FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE OR REPLACE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit_auditseal
FOR EACH ROW EXECUTE FUNCTION audit_keep();

-- Seal what is settled: events of transactions that ended before the oldest one running now, so that no late commit
-- can slip in behind a seal. An hour covers a restored database, whose transaction numbers start again.
CREATE OR REPLACE FUNCTION audit_seal(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    mine bigint := portal_tenant();
    head audit_auditseal%ROWTYPE;
    sealed_ids bigint[];
    sealed_leaves bytea;
    fresh bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_seal'), mine::integer);
    SELECT array_agg(id ORDER BY id),
           string_agg(int8send(id) || sha256(convert_to(body, 'UTF8')), ''::bytea ORDER BY id)
    INTO sealed_ids, sealed_leaves
    FROM (
        SELECT id, body FROM audit_auditevent
        WHERE tenant_id = mine AND seal_id IS NULL
          AND (transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint OR at < now() - interval '1 hour')
        ORDER BY id LIMIT most
    ) settled;
    IF sealed_ids IS NULL THEN
        RETURN 0;
    END IF;
    SELECT * INTO head FROM audit_auditseal WHERE tenant_id = mine ORDER BY number DESC LIMIT 1;
    INSERT INTO audit_auditseal (tenant_id, number, sealed_at, events, leaves, previous, digest)
    VALUES (
        mine, coalesce(head.number, 0) + 1, clock_timestamp(), array_length(sealed_ids, 1), sealed_leaves,
        coalesce(head.digest, ''),
        encode(sha256(convert_to(coalesce(head.digest, '') || ':' || (coalesce(head.number, 0) + 1) || ':', 'UTF8')
                      || sealed_leaves), 'hex')
    )
    RETURNING id INTO fresh;
    UPDATE audit_auditevent SET seal_id = fresh WHERE id = ANY (sealed_ids);
    RETURN array_length(sealed_ids, 1);
END $$;
