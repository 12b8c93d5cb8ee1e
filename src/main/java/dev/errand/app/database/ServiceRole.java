package dev.errand.app.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The role by which the service connects to the embedded database. It owns the database and its
 * content, but is no superuser: it can't run programs or read files of the server.
 */
final class ServiceRole {
  static final String NAME = "errand";

  // A data folder of an earlier build has a schema that belongs to the superuser.
  private static final String MAKE =
      """
      DO $$
      DECLARE
        change text;
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'errand') THEN
          CREATE ROLE errand;
        END IF;
        FOR change IN
          WITH ours AS (
            SELECT oid, nspname, nspowner FROM pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
          ), linked AS (
            SELECT classid, objid FROM pg_depend WHERE deptype IN ('a', 'i', 'e')
          )
          SELECT format('ALTER DATABASE %I OWNER TO errand', datname) FROM pg_database
          WHERE datname = current_database() AND datdba <> 'errand'::regrole
          UNION ALL
          SELECT format('ALTER SCHEMA %I OWNER TO errand', nspname) FROM ours
          WHERE nspowner = 'postgres'::regrole
          UNION ALL
          SELECT format('ALTER TABLE %s OWNER TO errand', c.oid::regclass)
          FROM pg_class c JOIN ours ON ours.oid = c.relnamespace
          WHERE c.relowner = 'postgres'::regrole AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            AND ('pg_class'::regclass, c.oid) NOT IN (SELECT classid, objid FROM linked)
          UNION ALL
          SELECT format('ALTER ROUTINE %s OWNER TO errand', p.oid::regprocedure)
          FROM pg_proc p JOIN ours ON ours.oid = p.pronamespace
          WHERE p.proowner = 'postgres'::regrole
            AND ('pg_proc'::regclass, p.oid) NOT IN (SELECT classid, objid FROM linked)
          UNION ALL
          SELECT format('ALTER TYPE %s OWNER TO errand', t.oid::regtype)
          FROM pg_type t JOIN ours ON ours.oid = t.typnamespace
          LEFT JOIN pg_class c ON c.oid = t.typrelid
          WHERE t.typowner = 'postgres'::regrole
            AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
            AND ('pg_type'::regclass, t.oid) NOT IN (SELECT classid, objid FROM linked)
        LOOP
          EXECUTE change;
        END LOOP;
      END $$
      """;

  private ServiceRole() {}

  /** Creates the role, or corrects an existing one, as the superuser. */
  static void make(Connection superuser, String password) throws SQLException {
    try (Statement statement = superuser.createStatement()) {
      statement.execute(MAKE);
      statement.execute(
          "ALTER ROLE errand LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '%s'"
              .formatted(password));
    }
  }
}
