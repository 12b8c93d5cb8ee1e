package dev.errand.identity.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of the audit.
 *
 * @param action what was done, such as {@code task.changed}
 * @param object to what, as a path such as {@code tasks/ada/default/digest}
 * @param changes for the path of each changed field, its old and its new value; empty where nothing
 *     changed
 * @param address the network address of the request; null for an action of a run
 * @param requestId the id of the request; null for what a run did
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record AuditLine(
    long id,
    Instant at,
    Actor actor,
    String action,
    String object,
    JsonNode changes,
    @Nullable String address,
    @Nullable String requestId) {
  /**
   * Who did something, and with which credential.
   *
   * @param token the id of the token; null for none
   * @param session the id of the session; null for none
   * @param client the program that acted for the user; null for none
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Actor(
      String user, @Nullable UUID token, @Nullable UUID session, @Nullable String client) {}
}
