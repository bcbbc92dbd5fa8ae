-- What the calendar is at this moment, as one short text: every transaction is told it when it begins.
CREATE OR REPLACE FUNCTION portal_calendar() RETURNS text LANGUAGE sql STABLE
AS $$
    SELECT coalesce(string_agg(digest, ',' ORDER BY confirmed_at, id), '')
    FROM calendars_holidaynotice WHERE state = 'confirmed'
$$;

-- A notice is decided once. What it says is never edited, and nothing is deleted.
CREATE OR REPLACE FUNCTION holiday_notice_decided() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.state <> 'waiting' AND (OLD.state, OLD.confirmed_by_id, OLD.confirmed_at, OLD.refused_by_id, OLD.refused_at,
        OLD.refusal) IS DISTINCT FROM (NEW.state, NEW.confirmed_by_id, NEW.confirmed_at, NEW.refused_by_id,
        NEW.refused_at, NEW.refusal) THEN
        RAISE EXCEPTION 'a notice that was decided on stays as it is: load a new version';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS holiday_notice_decided ON calendars_holidaynotice;
CREATE TRIGGER holiday_notice_decided BEFORE UPDATE ON calendars_holidaynotice
FOR EACH ROW EXECUTE FUNCTION holiday_notice_decided();

REVOKE UPDATE, DELETE ON calendars_holidaynotice FROM app;
GRANT UPDATE (state, confirmed_by_id, confirmed_at, refused_by_id, refused_at, refusal, recomputed_at)
ON calendars_holidaynotice TO app;
