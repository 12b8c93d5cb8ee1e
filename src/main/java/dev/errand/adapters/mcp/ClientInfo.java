package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The name and version that a client sends about itself. They are only shown; nothing depends on
 * them.
 *
 * @param name its name, at most 64 characters
 * @param version its version, at most 32 characters; may be empty
 */
public record ClientInfo(String name, String version) {
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_VERSION = 32;
  private static final int LONGEST_SESSION = 1024;

  /** Reads the client; empty where it sends nothing. */
  public static Optional<ClientInfo> of(JsonNode info) {
    String name = shown(info.path("name").asText(""), LONGEST_NAME);
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ClientInfo(name, shown(info.path("version").asText(""), LONGEST_VERSION)));
  }

  /**
   * A session id for revisions in which the client is only sent once: it contains the client, so
   * that every process knows it without storing anything.
   */
  public String toSessionId(Json json) {
    ObjectNode client = json.object().put("name", name).put("version", version);
    return UUID.randomUUID()
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(json.bytes(client));
  }

  /** The client of a session id that was sent; empty where it is not one of ours. */
  public static Optional<ClientInfo> ofSessionId(@Nullable String session, Json json) {
    int dot = session == null ? -1 : session.indexOf('.');
    if (session == null || dot < 0 || session.length() > LONGEST_SESSION) {
      return Optional.empty();
    }
    try {
      byte[] client = Base64.getUrlDecoder().decode(session.substring(dot + 1));
      return json.parse(new String(client, StandardCharsets.UTF_8)).flatMap(ClientInfo::of);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return version.isEmpty() ? name : name + " " + version;
  }

  private static String shown(String text, int most) {
    String printable =
        text.codePoints()
            .filter(one -> !Character.isISOControl(one) && !isUnpaired(one))
            .limit(most)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return printable.strip();
  }

  private static boolean isUnpaired(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
