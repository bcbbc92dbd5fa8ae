-- FRM Art 9, PIPL Art 56: the report and its record are kept three years at least; the portal keeps them until three years
-- after the last use of what they assess. Until when, the last day included; infinity while a scenario is in use.
CREATE OR REPLACE FUNCTION assessment_kept_until(assessment bigint) RETURNS date LANGUAGE sql STABLE
AS $$
    WITH life AS (
        SELECT place.status IN ('terminated', 'disposed') AS is_over, place.ended_on
        FROM assessments_assessedscenario covered
        JOIN deployments_deployment place ON place.scenario_id = covered.scenario_id
        WHERE covered.assessment_id = assessment
    )
    SELECT CASE WHEN EXISTS (SELECT FROM life WHERE NOT is_over) THEN 'infinity'::date
                ELSE greatest(kept.keep_until, (SELECT (max(ended_on) + interval '3 years')::date FROM life)) END
    FROM assessments_assessment kept WHERE kept.id = assessment
$$;

-- Two persons said so, on a day after the last one on which it is kept.
CREATE OR REPLACE FUNCTION assessment_may_go(assessment bigint) RETURNS boolean LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM assessments_erasure asked
        WHERE asked.assessment_id = assessment AND asked.confirmed_by_id <> asked.asked_by_id
          AND asked.confirmed_on > assessment_kept_until(assessment)
    )
$$;

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
    IF stands IN ('submitted', 'approved', 'superseded')
       OR stands = 'erased' AND TG_OP = 'INSERT'
       OR stands = 'erased' AND TG_OP = 'UPDATE' AND coalesce(to_jsonb(NEW) -> 'facts', '[]') <> '{}' THEN
        RAISE EXCEPTION 'the content of assessment % is %, nobody changes it', assessment, stands
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_content_is_settled';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION refuse_approved_change() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    loose text[] := '{state,signed_scan_id,review_on,keep_until}';
BEGIN
    IF NEW.state = 'erased' AND OLD.state IN ('approved', 'superseded') THEN
        IF NOT assessment_may_go(OLD.id) THEN
            RAISE EXCEPTION 'assessment % is kept until %, then two persons erase it', OLD.reference,
                assessment_kept_until(OLD.id)
                USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_is_kept';
        END IF;
        loose := loose || '{third_party,third_party_part}'::text[];
    END IF;
    IF OLD.state IN ('approved', 'superseded', 'erased') AND (to_jsonb(NEW) - loose) IS DISTINCT FROM (to_jsonb(OLD) - loose)
       OR OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'superseded', 'erased')
       OR OLD.state = 'superseded' AND NEW.state NOT IN ('superseded', 'erased')
       OR OLD.state = 'erased' AND NEW.state <> 'erased'
       OR OLD.state NOT IN ('approved', 'superseded', 'erased') AND NEW.state = 'erased'
       OR OLD.keep_until IS NOT NULL AND (NEW.keep_until IS NULL OR NEW.keep_until < OLD.keep_until) THEN
        RAISE EXCEPTION 'assessment % is %, nobody changes it', OLD.reference, OLD.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_content_is_settled';
    END IF;
    RETURN NULL;
END $$;

-- The row of what was approved stays for good: it says that it was there, and who erased its content.
CREATE OR REPLACE FUNCTION refuse_assessment_gone() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.state IN ('submitted', 'approved', 'superseded', 'erased') THEN
        RAISE EXCEPTION 'assessment % is %: its content may be erased by two persons, its row stays', OLD.reference, OLD.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_is_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refuse_assessment_gone AFTER DELETE ON assessments_assessment
FOR EACH ROW EXECUTE FUNCTION refuse_assessment_gone();

-- What two persons decided stays as they decided it.
CREATE OR REPLACE FUNCTION refuse_erasure_change() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.confirmed_on IS NOT NULL OR OLD.withdrawn_on IS NOT NULL
       OR (NEW.assessment_id, NEW.asked_by_id, NEW.asked_on) IS DISTINCT FROM (OLD.assessment_id, OLD.asked_by_id, OLD.asked_on) THEN
        RAISE EXCEPTION 'an erasure is confirmed or withdrawn once, and stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_is_settled';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refuse_erasure_change AFTER UPDATE OR DELETE ON assessments_erasure
FOR EACH ROW EXECUTE FUNCTION refuse_erasure_change();

-- Erase the content of an assessment that may go, and the keys of its files that nothing else needs: the codes of those
-- whose bytes can be deleted. The serving role may erase nothing itself.
CREATE OR REPLACE FUNCTION assessment_erase(asked_for bigint) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    mine bigint;
    files bigint[];
    needed bigint[];
    gone uuid[];
    holder record;
BEGIN
    SELECT assessment_id INTO STRICT mine FROM assessments_erasure WHERE id = asked_for AND confirmed_on IS NOT NULL;
    UPDATE assessments_assessment SET state = 'erased', third_party = '', third_party_part = '' WHERE id = mine;
    SELECT array_agg(DISTINCT file) INTO files FROM (
        SELECT unnest(ARRAY[report_id, signed_scan_id]) AS file FROM assessments_assessment WHERE id = mine
        UNION SELECT evidence_id FROM assessments_report WHERE assessment_id = mine
        UNION SELECT evidence_id FROM assessments_answer WHERE assessment_id = mine
        UNION SELECT evidence_id FROM assessments_measure WHERE assessment_id = mine
    ) held WHERE file IS NOT NULL;
    DELETE FROM assessments_measure WHERE assessment_id = mine;
    DELETE FROM assessments_risk WHERE assessment_id = mine;
    DELETE FROM assessments_answer WHERE assessment_id = mine;
    DELETE FROM assessments_remark WHERE assessment_id = mine;
    DELETE FROM assessments_sectionreview WHERE assessment_id = mine;
    DELETE FROM assessments_outdating WHERE assessment_id = mine;
    DELETE FROM assessments_report WHERE assessment_id = mine;
    DELETE FROM assessments_step WHERE assessment_id = mine;
    DELETE FROM assessments_version WHERE assessment_id = mine;
    UPDATE assessments_assessedscenario SET facts = '{}' WHERE assessment_id = mine;
    FOR holder IN
        SELECT key.conrelid::regclass AS of_table, field.attname AS of_column
        FROM pg_constraint key JOIN pg_attribute field ON field.attrelid = key.conrelid AND field.attnum = ANY (key.conkey)
        WHERE key.contype = 'f' AND key.confrelid = 'evidence_evidence'::regclass AND field.attname <> 'tenant_id'
    LOOP
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %s WHERE %I = ANY ($1) AND NOT (%L AND id = $2)',
                       holder.of_column, holder.of_table, holder.of_column,
                       holder.of_table = 'assessments_assessment'::regclass)
            INTO needed USING files, mine;
        files := ARRAY(SELECT unnest(files) EXCEPT SELECT unnest(needed));
    END LOOP;
    WITH emptied AS (UPDATE evidence_evidence SET wrapped_key = '' WHERE id = ANY (files) RETURNING code)
    SELECT array_agg(code) INTO gone FROM emptied;
    RETURN coalesce(gone, '{}');
END $$;
