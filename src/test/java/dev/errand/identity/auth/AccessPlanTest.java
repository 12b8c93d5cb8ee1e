package dev.errand.identity.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long requests are looked at by indices, however many sessions and profiles there are. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AccessPlanTest {
  @Inject Sql sql;

  @ParameterizedTest
  @CsvSource({"1, false", "100, false", "100, true"})
  void noTableIsReadCompletely(int open, boolean analyzed) {
    // What is rolled back need not be deleted, which takes long.
    QuarkusTransaction.begin();
    try {
      sql.statement(
              """
              INSERT INTO account (id, username)
              SELECT gen_random_uuid(), 'planned-' || number FROM generate_series(1, 20000) AS number
              """)
          .run();
      sql.statement(
              """
              INSERT INTO session (token_hash, account_id, kind)
              SELECT sha256(id::text::bytea), id, 'user' FROM account WHERE username LIKE 'planned-%'
              """)
          .run();
      sql.statement(
              """
              INSERT INTO profile (id, account_id, name)
              SELECT gen_random_uuid(), id, 'default' FROM account WHERE username LIKE 'planned-%'
              """)
          .run();
      if (analyzed) {
        sql.statement("ANALYZE account, session, profile").run();
      }
      List<UUID> ids = Stream.generate(UUID::randomUUID).limit(open).toList();
      String plan =
          String.join(
              "\n",
              sql.statement("EXPLAIN " + AccessCheck.NOW)
                  .with("numbers", "integer", IntStream.range(0, open).boxed().toList())
                  .with("sessions", "uuid", ids)
                  .with("tokens", "uuid", Collections.nCopies(open, null))
                  .with("accounts", "uuid", ids)
                  .with("profiles", "uuid", ids)
                  .with("now", Instant.EPOCH)
                  .list(row -> row.text("QUERY PLAN")));
      for (String table : List.of("account", "session", "profile")) {
        assertFalse(plan.contains("Seq Scan on " + table + " "), plan);
      }
    } finally {
      QuarkusTransaction.rollback();
      if (analyzed) {
        sql.statement("ANALYZE account, session, profile").run();
      }
    }
  }
}
