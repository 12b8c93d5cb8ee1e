package dev.errand.identity.oauth;

import dev.errand.base.database.Row;
import dev.errand.base.json.Coded;
import java.net.URI;
import java.util.List;
import java.util.Locale;
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
public record OAuthClient(
    UUID id,
    String clientId,
    Kind kind,
    String name,
    List<String> redirectUris,
    byte @Nullable [] secretHash) {

  /** How a client is known. */
  public enum Kind implements Coded {
    /** An admin created it. */
    MANUAL,
    /** It registered itself (RFC 7591). */
    REGISTERED,
    /** Its id is the address of a document that describes it. */
    DOCUMENT;

    public static Kind of(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  static OAuthClient of(Row row) {
    return new OAuthClient(
        row.id("id"),
        row.text("client_id"),
        Kind.of(row.text("kind")),
        row.text("name"),
        row.texts("redirect_uris"),
        row.bytesOrNull("secret_hash"));
  }

  public boolean allows(String redirectUri) {
    return redirectUris.stream()
        .anyMatch(registered -> RedirectUris.matches(registered, redirectUri));
  }

  /** Its name for people, with what is known about its identity. */
  public String label() {
    return label(kind, name, clientId);
  }

  public static String label(Kind kind, String name, String clientId) {
    return switch (kind) {
      case MANUAL -> name;
      case REGISTERED -> name + " (unverified name)";
      case DOCUMENT -> name + " (" + URI.create(clientId).getHost() + ")";
    };
  }

  @Override
  public String toString() {
    return "client " + clientId;
  }
}
