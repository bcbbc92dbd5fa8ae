-- FRM Art 15: what was filed, what it became and when it was noticed stay as they were written down, whoever tries.
-- A case may be dated, decided, confirmed and carried by a filing; it is never deleted.
CREATE OR REPLACE FUNCTION refuse_other_change() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - TG_ARGV IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV THEN
        RAISE EXCEPTION 'what was noticed of change % stays as it is', OLD.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'noticed_change_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_other_change BEFORE UPDATE OR DELETE ON filings_changecase
FOR EACH ROW EXECUTE FUNCTION refuse_other_change(
    'effective_on', 'effective_reason', 'is_substantial', 'reason', 'decided_by_id', 'decided_at',
    'judged', 'judged_event', 'approved_by_id', 'approved_at', 'alone_because', 'filing_id'
);
