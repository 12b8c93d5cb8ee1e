package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ForeignKeysTest {
  private static final String KEYS =
      """
      SELECT conname, confrelid::regclass::text IN ('account', 'profile', 'task', 'token') AS passes
      FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
      """;

  @Inject Sql sql;

  private record Key(String name, boolean passes) {}

  /** A migration may name a key otherwise, or name something else by a column of that name. */
  @Test
  void theKeysOfWhatMayBeDeletedAtAnyTimeAreKnownByTheirNames() {
    List<Key> keys =
        sql.statement(KEYS).list(row -> new Key(row.text("conname"), row.flag("passes")));

    assertEquals(
        Map.of(),
        keys.stream()
            .filter(
                key -> ProblemMapper.DELETED_AT_ANY_TIME.matcher(key.name).matches() != key.passes)
            .collect(Collectors.toMap(Key::name, Key::passes)));
    assertTrue(keys.stream().anyMatch(Key::passes));
  }
}
