-- Roles, database and rights of the portal. The embedded servers run this file on first start; on your own PostgreSQL
-- (15 or newer) run it once as a superuser, and again after an update of the portal:
--
--   psql -v database=portal -f portal/embedded/roles.sql
--   psql -c '\password owner' -c '\password app'
--
-- owner  migrates (DATABASE_OWNER_URL) and owns every table
-- app    serves (DATABASE_URL): reads and writes rows, and row-level security binds it
-- door   nobody signs in as door; it owns the few functions that look across tenants, each with its own policies

\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
\if :{?database}
\else
  \set database portal
\endif

-- NOINHERIT: owner may become door (SET ROLE) to make its functions, but door's policies don't apply to owner.
SELECT 'CREATE ROLE owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'owner') \gexec
SELECT 'CREATE ROLE app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') \gexec
SELECT 'CREATE ROLE door' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'door') \gexec
ALTER ROLE owner LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE door NOLOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
GRANT door TO owner;

SELECT format('CREATE DATABASE %I OWNER owner ENCODING UTF8 TEMPLATE template0', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
\connect :database
SET client_min_messages = warning;

-- Trigram search of names; it sees Chinese only where the database's LC_CTYPE is a UTF-8 one.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER SCHEMA public OWNER TO owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app;
GRANT USAGE, CREATE ON SCHEMA public TO door;

-- Rows yes, TRUNCATE no: the audit trail's triggers see rows.
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT SELECT ON TABLES TO door;
ALTER DEFAULT PRIVILEGES FOR ROLE owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT EXECUTE ON FUNCTIONS TO app, door;
ALTER DEFAULT PRIVILEGES FOR ROLE door REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE door GRANT EXECUTE ON FUNCTIONS TO app, owner;
