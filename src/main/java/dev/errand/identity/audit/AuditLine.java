package dev.errand.identity.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A line of the audit. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("AuditLine")
public record AuditLine(
    @Field long id,
    @Field Instant at,
    @Field Actor actor,
    @Field(schema = "AuditAction") String action,
    @Field("The path of the object, such as `tasks/admin/default/digest`.") String object,
    @Field(schema = "AuditChanges") JsonNode changes,
    @Field("The network address of the request; null for what a run did.") @Nullable String address,
    @Field("The `X-Request-Id` of the request; null for what a run did.")
        @Nullable String requestId) {
  /** Who did something, and with which credential. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Actor(
      @Field("The name of the user.") String user,
      @Field("The id of the token that was used.") @Nullable UUID token,
      @Field("The id of the session that was used.") @Nullable UUID session,
      @Field("The program that acted for the user, such as `run admin/default/digest/monday`.")
          @Nullable String client) {}
}
