package dev.errand.identity.signin;

import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session of the caller.
 *
 * @param kind {@code user}, {@code bootstrap} or {@code dev}: its origin
 * @param expiresAt when it ends if it is not used; null for never
 * @param lastUsedAt when it was last used, to about a minute; null where that is not known
 * @param device the {@code User-Agent} that signed in; null where that is not known
 * @param address the network address that signed in; null where that is not known
 */
@RegisterForReflection
public record SessionView(
    UUID id,
    String kind,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable String device,
    @Nullable String address,
    boolean current) {
  static SessionView of(Row row) {
    return new SessionView(
        row.id("id"),
        row.text("kind"),
        row.time("created_at"),
        row.timeOrNull("expires_at"),
        row.timeOrNull("last_used_at"),
        row.textOrNull("device"),
        row.textOrNull("address"),
        row.flag("current"));
  }
}
