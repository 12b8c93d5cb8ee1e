package dev.errand.identity.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.Coded;
import dev.errand.base.json.WellFormed;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client of the authorization server.
 *
 * @param id the id of its row; for a document that was only read, of a row that may be created
 * @param clientId its {@code client_id} in requests
 * @param name its name; verified only for a client created by hand
 * @param redirectUris where answers may lead to; at least one
 * @param secretHash the SHA-256 of its secret; null for one without
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
@RegisterForReflection
public record OAuthClient(
    UUID id,
    String clientId,
    Kind kind,
    String name,
    List<String> redirectUris,
    byte @Nullable [] secretHash) {
  // A client chooses its name, and must not pass for a run or for OIDC.
  private static final String AUDIT_PREFIX = "oauth ";
  private static final int LONGEST_NAME = 100;

  /** How a client is known. */
  public enum Kind implements Coded {
    /** An admin created it. */
    MANUAL,
    /** It registered itself (RFC 7591). */
    REGISTERED,
    /** Its id is the address of a document that describes it. */
    DOCUMENT;

    public static Kind of(String code) {
      return Coded.of(Kind.class, code);
    }
  }

  public boolean allows(String redirectUri) {
    return redirectUris.stream()
        .anyMatch(registered -> RedirectUris.matches(registered, redirectUri));
  }

  /** Its name for people, with what is known about its identity. */
  private static String label(Kind kind, String name, String clientId) {
    return switch (kind) {
      case MANUAL -> name;
      case REGISTERED -> name + " (unverified name)";
      case DOCUMENT -> name + " (" + URI.create(clientId).getHost() + ")";
    };
  }

  /** How the audit names a client that acts for a user. */
  String auditLabel() {
    return auditLabel(kind, name, clientId);
  }

  /** How the audit names a client, from its fields. */
  static String auditLabel(Kind kind, String name, String clientId) {
    return AUDIT_PREFIX + label(kind, name, clientId);
  }

  /**
   * How the audit names a client of another authorization server, of which only the id is known.
   */
  static String auditLabelOfIssued(String clientId) {
    return AUDIT_PREFIX + clientId;
  }

  /** A label in the audit without the part that distinguishes it from labels of other clients. */
  public static String shown(String auditLabel) {
    return auditLabel.startsWith(AUDIT_PREFIX)
        ? auditLabel.substring(AUDIT_PREFIX.length())
        : auditLabel;
  }

  /**
   * The name in the metadata of a client, on one line and cut to 100 characters, without characters
   * that could hide a part of it or change its direction.
   */
  static String nameIn(JsonNode metadata, String otherwise) {
    String name =
        metadata
            .path("client_name")
            .asText("")
            .replaceAll("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]", "")
            .strip();
    String cut = WellFormed.cut(name, LONGEST_NAME);
    return cut.isEmpty() ? otherwise : cut;
  }

  @Override
  public String toString() {
    return "client " + clientId;
  }
}
