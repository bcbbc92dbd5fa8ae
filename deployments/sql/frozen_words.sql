-- What people were told and consented to stays as it was said (FRM Arts 5, 6): the trail shows a change, this refuses it.
-- The arguments name the columns that may still change.
CREATE OR REPLACE FUNCTION refuse_other_words() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) ->> 'state' = 'draft'
       OR to_jsonb(OLD) - TG_ARGV IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV THEN
        RAISE EXCEPTION 'words that people were told stay as they are: write a new version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_words_stay';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_other_words BEFORE UPDATE OR DELETE ON deployments_noticeversion
FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_other_words('state', 'ended_on');

CREATE TRIGGER refuse_other_words BEFORE UPDATE OR DELETE ON deployments_consentwording
FOR EACH ROW EXECUTE FUNCTION refuse_other_words('ended_on');
