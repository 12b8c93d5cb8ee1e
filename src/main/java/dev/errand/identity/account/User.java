package dev.errand.identity.account;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person or program that owns profiles, as the database had it.
 *
 * @param disabledAt when the user was disabled, so that nothing of theirs is accepted or started;
 *     null while enabled
 */
@RegisterForReflection
public record User(
    @Column(name = "owner_id") UUID id,
    @Column(name = "owner") String username,
    @Column(name = "owner_disabled_at") @Nullable Instant disabledAt) {
  /** The user that every installation has. */
  public static final String ADMIN = "admin";

  /** The columns of {@code account} that it is read from. */
  public static final String COLUMNS =
      """
      account.id AS owner_id, account.username AS owner, account.disabled_at AS owner_disabled_at
      """;
}
