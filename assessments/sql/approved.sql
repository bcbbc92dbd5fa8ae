-- FRM Art 9: what was approved is what is kept. While an assessment waits for approval, or once it is approved, nobody
-- changes what it says; measures go on as tasks (their owner, days and evidence), their words don't.
CREATE OR REPLACE FUNCTION refuse_approved_content() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    assessment bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.assessment_id ELSE NEW.assessment_id END;
    stands text;
BEGIN
    IF TG_TABLE_NAME = 'assessments_measure' AND TG_OP = 'UPDATE' THEN
        IF NEW.title = OLD.title AND NEW.risk_id = OLD.risk_id AND NEW.assessment_id = OLD.assessment_id THEN
            RETURN NULL;
        END IF;
    END IF;
    SELECT state INTO stands FROM assessments_assessment WHERE id = assessment FOR SHARE;
    IF stands IN ('submitted', 'approved', 'superseded') THEN
        RAISE EXCEPTION 'the content of assessment % is %, nobody changes it', assessment, stands
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_content_is_settled';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER refuse_approved_content AFTER INSERT OR UPDATE OR DELETE ON assessments_assessedscenario
FOR EACH ROW EXECUTE FUNCTION refuse_approved_content();
CREATE TRIGGER refuse_approved_content AFTER INSERT OR UPDATE OR DELETE ON assessments_answer
FOR EACH ROW EXECUTE FUNCTION refuse_approved_content();
CREATE TRIGGER refuse_approved_content AFTER INSERT OR UPDATE OR DELETE ON assessments_risk
FOR EACH ROW EXECUTE FUNCTION refuse_approved_content();
CREATE TRIGGER refuse_approved_content AFTER INSERT OR UPDATE OR DELETE ON assessments_measure
FOR EACH ROW EXECUTE FUNCTION refuse_approved_content();

-- None of those who wrote it approves it, unless the workspace has one person and says so.
CREATE OR REPLACE FUNCTION refuse_author_as_approver() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.approved_by_id IS NOT NULL AND NOT NEW.is_one_person AND EXISTS (
        SELECT 1 FROM assessments_author WHERE assessment_id = NEW.id AND user_id = NEW.approved_by_id
    ) THEN
        RAISE EXCEPTION 'an author does not approve the own assessment'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_approver_is_no_author';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER refuse_author_as_approver AFTER INSERT OR UPDATE OF approved_by_id ON assessments_assessment
FOR EACH ROW EXECUTE FUNCTION refuse_author_as_approver();

-- What an approved assessment says of itself stays too; it may only be superseded, signed and given a later review.
CREATE OR REPLACE FUNCTION refuse_approved_change() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.state IN ('approved', 'superseded')
       AND (to_jsonb(NEW) - '{state,signed_scan_id,review_on,keep_until}'::text[])
           IS DISTINCT FROM (to_jsonb(OLD) - '{state,signed_scan_id,review_on,keep_until}'::text[])
       OR OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'superseded')
       OR OLD.state = 'superseded' AND NEW.state <> 'superseded'
       OR OLD.keep_until IS NOT NULL AND (NEW.keep_until IS NULL OR NEW.keep_until < OLD.keep_until) THEN
        RAISE EXCEPTION 'assessment % is %, nobody changes it', OLD.reference, OLD.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_content_is_settled';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER refuse_approved_change AFTER UPDATE ON assessments_assessment
FOR EACH ROW EXECUTE FUNCTION refuse_approved_change();
