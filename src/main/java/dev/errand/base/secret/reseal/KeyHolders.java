package dev.errand.base.secret.reseal;

import dev.errand.base.database.Sql;
import dev.errand.base.secret.SecretBox;
import jakarta.enterprise.context.ApplicationScoped;

/** The processes that work the queue, by whether they were told of the newest master key. */
@ApplicationScoped
public class KeyHolders {
  // An older version does not say which keys it knows.
  private static final String LACKING =
      """
      SELECT count(*) AS workers FROM worker_process
      WHERE seen_at >= now() - interval '1 minute'
        AND :newest <> ALL (coalesce(master_keys, '{}'))
      """;

  private final Sql sql;
  private final SecretBox box;

  public KeyHolders(Sql sql, SecretBox box) {
    this.sql = sql;
    this.box = box;
  }

  /** How many of them were not told of the newest key. */
  long lacking() {
    return sql.statement(LACKING)
        .with("newest", box.newestKeyId())
        .one(row -> row.number("workers"));
  }
}
