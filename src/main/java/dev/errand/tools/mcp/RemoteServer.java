package dev.errand.tools.mcp;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stored remote server.
 *
 * @param auth {@link RemoteServerRequest#NONE}, {@link RemoteServerRequest#HEADERS} or {@link
 *     RemoteServerRequest#OAUTH}
 * @param headersSealed its header fields, sealed; null where it has none
 * @param changeDigest the digest of the tools that wait to be accepted; null where none do
 * @param changedAt when they were found; null where none wait
 * @param failure why its tools could not be listed last, or a call was refused; null where neither
 *     is so
 * @param refused whether it refused its credentials then
 */
@RegisterForReflection
public record RemoteServer(
    UUID installationId,
    String url,
    String auth,
    byte @Nullable [] headersSealed,
    List<String> headerNames,
    String revision,
    OnChange onChange,
    List<String> leftOut,
    @Nullable String changeDigest,
    @Nullable Instant changedAt,
    @Nullable String failure,
    boolean refused,
    Instant checkedAt) {
  /** Whether it is called with OAuth tokens. */
  public boolean usesOAuth() {
    return auth.equals(RemoteServerRequest.OAUTH);
  }

  /** Without the address, which may contain a secret. */
  @Override
  public String toString() {
    return "RemoteServer[" + installationId + "]";
  }
}
