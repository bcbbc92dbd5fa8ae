-- FRM Art 13, Video Regulations Art 8: a deployment with a device in a private space is never active.
-- Run by every migration that changed it; tests/deployments/test_private_space.py has every way round it that we know.

CREATE OR REPLACE FUNCTION is_private_space(space text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT space IN ('hotel_room', 'private_dining_room', 'student_dorm_room', 'staff_rest_room', 'bathroom', 'toilet',
                       'changing_room', 'nursing_room', 'fitting_room', 'other_private') $$;

-- Checked when the transaction ends, so that a service may record the device and suspend the deployment in one go.
CREATE OR REPLACE FUNCTION refuse_private_space() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    acting_for text := current_setting('portal.tenant', true);
    place bigint;
    is_unlawful boolean;
BEGIN
    -- At COMMIT nobody acts for the tenant any more: row-level security would show no row, and nothing be refused.
    PERFORM set_config('portal.tenant', NEW.tenant_id::text, true);
    IF TG_TABLE_NAME = 'deployments_device' THEN
        place := NEW.deployment_id;
        -- Of two transactions, one that hangs the device and one that puts the deployment into use (and so holds its
        -- row), the second waits here and then sees what the first did.
        PERFORM FROM deployments_deployment WHERE id = place FOR NO KEY UPDATE;
    ELSE
        place := NEW.id;
    END IF;
    is_unlawful := EXISTS (
        SELECT FROM deployments_deployment deployment
        JOIN deployments_device device ON device.deployment_id = deployment.id
        WHERE deployment.id = place AND deployment.status = 'active' AND device.removed_on IS NULL
          AND is_private_space(device.space_type)
    );
    PERFORM set_config('portal.tenant', coalesce(acting_for, ''), true);
    IF is_unlawful THEN
        RAISE EXCEPTION 'a deployment with a device in a private space can not be active'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deployment_active_without_private_space';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS refuse_private_space ON deployments_device;
CREATE CONSTRAINT TRIGGER refuse_private_space AFTER INSERT OR UPDATE ON deployments_device
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.removed_on IS NULL AND is_private_space(NEW.space_type))
EXECUTE FUNCTION refuse_private_space();

-- On insert too: keys are checked at the end, so a device may be there before its deployment.
DROP TRIGGER IF EXISTS refuse_private_space ON deployments_deployment;
CREATE CONSTRAINT TRIGGER refuse_private_space AFTER INSERT OR UPDATE OF id, status ON deployments_deployment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'active')
EXECUTE FUNCTION refuse_private_space();

-- What was found in a private space stays a finding until it is proved to be gone: no other name for the space and no
-- deleted row ends it, and a device that hangs there again is no longer proved to be gone.
CREATE OR REPLACE FUNCTION keep_private_space() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND is_private_space(OLD.space_type) AND OLD.removal_proof_id IS NULL
       AND (TG_OP = 'DELETE' OR (NOT is_private_space(NEW.space_type) AND NEW.removal_proof_id IS NULL)) THEN
        RAISE EXCEPTION 'a device found in a private space stays so until its removal is proved'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'device_leaves_private_space_with_proof';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF is_private_space(NEW.space_type) AND NEW.removed_on IS NULL THEN
        NEW.removal_proof_id := NULL;
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS keep_private_space ON deployments_device;
CREATE TRIGGER keep_private_space BEFORE INSERT OR UPDATE OR DELETE ON deployments_device
FOR EACH ROW EXECUTE FUNCTION keep_private_space();
