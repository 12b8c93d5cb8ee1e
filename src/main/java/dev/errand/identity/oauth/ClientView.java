package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client that was made by hand.
 *
 * @param clientId its {@code client_id} in requests
 * @param clientSecret its secret, only in the answer that creates it; null in any other
 */
@RegisterForReflection
public record ClientView(
    String name,
    String clientId,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientSecret,
    List<String> redirectUris,
    boolean confidential,
    Instant createdAt) {
  static ClientView of(Row row) {
    return new ClientView(
        row.text("name"),
        row.text("client_id"),
        null,
        row.texts("redirect_uris"),
        row.bytesOrNull("secret_hash") != null,
        row.time("created_at"));
  }

  ClientView withSecret(@Nullable String secret) {
    return new ClientView(name, clientId, secret, redirectUris, confidential, createdAt);
  }

  /** Only the name, so that a log does not reveal the secret. */
  @Override
  public String toString() {
    return "client " + name;
  }
}
