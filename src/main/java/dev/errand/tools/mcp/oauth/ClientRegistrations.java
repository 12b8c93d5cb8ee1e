package dev.errand.tools.mcp.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.tools.mcp.oauth.server.AuthorizationServer;
import dev.errand.tools.mcp.oauth.server.ClientIdentity;
import dev.errand.tools.mcp.oauth.server.ClientRegistration;
import dev.errand.tools.mcp.oauth.server.Connection;
import dev.errand.tools.mcp.oauth.server.CredentialException;
import dev.errand.tools.mcp.oauth.server.OwnClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the client with which this service requests access from an authorization server: one that
 * was registered there by hand, the one of its own document where the server supports such
 * documents and can reach this one, or one that it registers itself (RFC 7591). Registrations are
 * stored for each issuer and redirect address.
 */
@ApplicationScoped
class ClientRegistrations {
  private final ClientRegistration registration;
  private final Sql sql;
  private final SecretBox box;
  private final Json json;
  private final Clock clock;

  ClientRegistrations(
      ClientRegistration registration, Sql sql, SecretBox box, Json json, Clock clock) {
    this.registration = registration;
    this.sql = sql;
    this.box = box;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The client of a server.
   *
   * @param byHand the client that was registered by hand; null for none
   * @param own this service as a client
   * @throws CredentialException where a client has to be registered by hand
   */
  ClientIdentity find(AuthorizationServer server, @Nullable PresetClient byHand, OwnClient own)
      throws CredentialException, InterruptedException {
    if (byHand != null) {
      return ClientIdentity.of(byHand.id(), byHand.secret(), server);
    }
    if (server.readsDocuments() && own.hasDocument()) {
      return new ClientIdentity(own.documentUrl(), null, ClientIdentity.NONE);
    }
    Optional<ClientIdentity> known = known(server.issuer(), own.redirectUri());
    return known.isPresent() ? known.get() : register(server, own);
  }

  private Optional<ClientIdentity> known(String issuer, String redirectUri) {
    return sql.statement(CredentialStatements.REGISTRATION)
        .with("issuer", issuer)
        .with("redirect_uri", redirectUri)
        .with("now", clock.instant())
        .first(
            row ->
                json.read(
                    box.open(new Sealed(row.bytes("client_sealed")), context(row.id("id"))).value(),
                    ClientIdentity.class));
  }

  private ClientIdentity register(AuthorizationServer server, OwnClient own)
      throws CredentialException, InterruptedException {
    ClientRegistration.Registered made = registration.register(server, own);
    keep(server.issuer(), own.redirectUri(), made.client(), made.expiresAt());
    return made.client();
  }

  // Two processes that register at the same time get two clients; the later one is stored.
  private void keep(
      String issuer, String redirectUri, ClientIdentity client, @Nullable Instant expiresAt) {
    UUID id = UUID.randomUUID();
    sql.statement(CredentialStatements.KEEP_REGISTRATION)
        .with("id", id)
        .with("issuer", issuer)
        .with("redirect_uri", redirectUri)
        .with("client_sealed", box.seal(new PlainSecret(json.write(client)), context(id)).bytes())
        .with("expires_at", expiresAt)
        .with("now", clock.instant())
        .run();
  }

  /** Deletes the registration if the issuer no longer knows it. */
  void noteRefusal(Connection connection, CredentialException why) {
    if (why.isClientUnknown()) {
      forget(connection.issuer(), connection.redirectUri());
    }
  }

  /** Deletes the registration. */
  void forget(String issuer, String redirectUri) {
    sql.statement(CredentialStatements.FORGET_REGISTRATION)
        .with("issuer", issuer)
        .with("redirect_uri", redirectUri)
        .run();
  }

  private static String context(UUID id) {
    return "mcp-registration/" + id + "/client";
  }

  /**
   * A client that was registered by hand.
   *
   * @param id its id
   * @param secret its secret; null where it has none
   */
  record PresetClient(String id, @Nullable String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "PresetClient[" + id + "]";
    }
  }
}
