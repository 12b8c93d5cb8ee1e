package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A grant of a user to a client, as the user sees it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Grant")
public record GrantView(
    @Field UUID id,
    @Field GrantedClient client,
    @Field(schema = "Scope") List<String> scopes,
    @Field("As `user/profile`; null for all.") @Nullable List<String> profiles,
    @Field("The only MCP endpoint that it is valid for, such as `/mcp`.") String resource,
    @Field Instant createdAt,
    @Field("When it expires if the client does not use it.") Instant expiresAt,
    @Field("Accurate to the minute.") @Nullable Instant lastUsedAt) {
  /** A client. */
  @RegisterForReflection
  public record GrantedClient(
      @Field("The `client_id`, such as the address of the client's metadata document.")
          @Column(name = "client_id")
          String id,
      @Field("The name of the client; unverified, except for the kind `manual`.")
          @Column(name = "client_name")
          String name,
      @Field(value = "How it was registered.", codes = OAuthClient.Kind.class)
          @Column(name = "client_kind")
          String kind) {}
}
