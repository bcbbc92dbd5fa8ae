-- FRM Art 15: the accepted filings of a PIP are a line, and what was accepted stays as it was, whoever tries.
CREATE OR REPLACE FUNCTION keep_chain_of_filings() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    former record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.submitted_on IS NOT NULL THEN
            RAISE EXCEPTION 'filing % was submitted, nobody deletes it', OLD.reference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'submitted_filing_stays';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'accepted' AND to_jsonb(OLD) IS DISTINCT FROM to_jsonb(NEW) THEN
        RAISE EXCEPTION 'filing % is accepted, nobody changes it', OLD.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_filing_stays';
    END IF;
    IF NEW.follows_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.follows_id IS DISTINCT FROM NEW.follows_id) THEN
        SELECT kind, state, pip_id INTO former FROM filings_filing WHERE id = NEW.follows_id FOR SHARE;
        IF former IS NULL OR former.state <> 'accepted' OR former.pip_id <> NEW.pip_id
           OR (former.kind = 'termination') <> (NEW.kind = 'initial') THEN
            RAISE EXCEPTION 'filing % can''t follow that filing', NEW.reference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'filing_follows_accepted';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_chain_of_filings BEFORE INSERT OR UPDATE OR DELETE ON filings_filing
FOR EACH ROW EXECUTE FUNCTION keep_chain_of_filings();
