package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A grant of a user to a client, as the user sees it.
 *
 * @param profiles the profiles that it is limited to, as {@code user/profile}; null for all
 * @param resource the path of the one MCP endpoint for which it is valid
 * @param expiresAt when it ends if the client does not use it
 * @param lastUsedAt when it was last used, to the minute; null for never
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record GrantView(
    UUID id,
    GrantedClient client,
    List<String> scopes,
    @Nullable List<String> profiles,
    String resource,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant lastUsedAt) {
  /**
   * A client.
   *
   * @param id its {@code client_id} in requests
   * @param kind {@code manual}, {@code registered} or {@code document}: how it is known
   */
  @RegisterForReflection
  public record GrantedClient(String id, String name, String kind) {}

  static GrantView of(Row row) {
    return new GrantView(
        row.id("id"),
        new GrantedClient(row.text("client_id"), row.text("client_name"), row.text("client_kind")),
        row.texts("scopes"),
        row.flag("to_profiles") ? row.texts("profiles") : null,
        row.text("resource"),
        row.time("created_at"),
        row.time("expires_at"),
        row.timeOrNull("last_used_at"));
  }
}
