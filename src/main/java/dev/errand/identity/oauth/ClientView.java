package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.database.Row;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client that was made by hand, or registered itself.
 *
 * @param clientId its {@code client_id} in requests
 */
@RegisterForReflection
@ApiSchema("OAuthClient")
public record ClientView(
    @Field String name,
    @Field String clientId,
    @Field("Only in the answer that creates it.") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String clientSecret,
    @Field List<String> redirectUris,
    @Field boolean confidential,
    @Field("Whether it registered itself.") boolean registered,
    @Field("From where it registered itself, as a /24 or /48.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String network,
    @Field("Whether a user has a grant to it.") boolean used,
    @Field Instant createdAt,
    @JsonIgnore long etag)
    implements Tagged {
  static ClientView of(Row row) {
    return new ClientView(
        row.text("name"),
        row.text("client_id"),
        null,
        row.texts("redirect_uris"),
        row.bytesOrNull("secret_hash") != null,
        row.text("kind").equals(OAuthClient.Kind.REGISTERED.code()),
        row.textOrNull("network"),
        row.flag("used"),
        row.time("created_at"),
        row.number("etag"));
  }

  ClientView withSecret(@Nullable String secret) {
    return new ClientView(
        name,
        clientId,
        secret,
        redirectUris,
        confidential,
        registered,
        network,
        used,
        createdAt,
        etag);
  }

  /** Only the name, so that a log does not reveal the secret. */
  @Override
  public String toString() {
    return "client " + name;
  }
}
