package dev.errand.identity.account;

import dev.errand.base.database.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person or program that owns profiles, as the database had it.
 *
 * @param disabledAt when the user was disabled, so that nothing of theirs is accepted or started;
 *     null while enabled
 */
public record User(UUID id, String username, @Nullable Instant disabledAt) {
  /** The user that every installation has. */
  public static final String ADMIN = "admin";

  /** The columns of {@code account} that {@link #of} reads. */
  public static final String COLUMNS =
      """
      account.id AS owner_id, account.username AS owner, account.disabled_at AS owner_disabled_at
      """;

  public static User of(Row row) {
    return new User(row.id("owner_id"), row.text("owner"), row.timeOrNull("owner_disabled_at"));
  }
}
