-- FRM Art 13, Video Regulations Art 8: a deployment with a device in a private space is never active.
-- Checked when the transaction ends, so that a service may record the device and suspend the deployment in one go.
CREATE OR REPLACE FUNCTION refuse_private_space() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    place bigint := CASE WHEN TG_TABLE_NAME = 'deployments_device' THEN (to_jsonb(NEW) ->> 'deployment_id')::bigint
                         ELSE (to_jsonb(NEW) ->> 'id')::bigint END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM deployments_deployment deployment
        JOIN deployments_device device ON device.deployment_id = deployment.id
        WHERE deployment.id = place AND deployment.status = 'active' AND device.removed_on IS NULL
          AND device.space_type IN ('hotel_room', 'private_dining_room', 'student_dorm_room', 'staff_rest_room',
              'bathroom', 'toilet', 'changing_room', 'nursing_room', 'fitting_room', 'other_private')
    ) THEN
        RAISE EXCEPTION 'a deployment with a device in a private space can not be active'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deployment_active_without_private_space';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER refuse_private_space AFTER INSERT OR UPDATE ON deployments_device
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.removed_on IS NULL AND NEW.space_type IN ('hotel_room', 'private_dining_room', 'student_dorm_room',
      'staff_rest_room', 'bathroom', 'toilet', 'changing_room', 'nursing_room', 'fitting_room', 'other_private'))
EXECUTE FUNCTION refuse_private_space();

-- A new deployment has no device yet; a device that comes later is caught by its own trigger.
CREATE CONSTRAINT TRIGGER refuse_private_space AFTER UPDATE OF status ON deployments_deployment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'active')
EXECUTE FUNCTION refuse_private_space();
