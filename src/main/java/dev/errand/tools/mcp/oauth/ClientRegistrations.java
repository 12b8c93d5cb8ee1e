package dev.errand.tools.mcp.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretServer;
import dev.errand.base.secret.ServerSecrets;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the client with which this service requests access from an authorization server: one that
 * was registered there by hand, the one of its own document where the server supports such
 * documents, can reach this one and names itself in its answers, or one that it registers itself
 * for the user (RFC 7591). Registrations are stored for each issuer and redirect address, which
 * depends on the user, so that no user learns or replaces the client of another.
 */
@ApplicationScoped
class ClientRegistrations {
  private final ClientRegistration registration;
  private final Sql sql;
  private final ServerSecrets secrets;
  private final Json json;
  private final Clock clock;

  ClientRegistrations(
      ClientRegistration registration, Sql sql, ServerSecrets secrets, Json json, Clock clock) {
    this.registration = registration;
    this.sql = sql;
    this.secrets = secrets;
    this.json = json;
    this.clock = clock;
  }

  /** A client with the redirect address that is registered for it. */
  record Chosen(ClientIdentity client, String redirectUri) {}

  /**
   * The client of a server.
   *
   * @param byHand the client that was registered by hand; null for none
   * @param anew whether a client that was registered before is not used
   * @throws CredentialException where a client has to be registered by hand
   */
  Chosen find(
      AuthorizationServer server,
      @Nullable PresetClient byHand,
      OwnClient own,
      UUID accountId,
      boolean anew)
      throws CredentialException, InterruptedException {
    if (byHand != null) {
      return new Chosen(
          ClientIdentity.of(byHand.id(), byHand.secret(), server),
          own.address(pathByHand(server, byHand, own)));
    }
    if (server.readsDocuments() && server.namesIssuer() && own.hasDocument()) {
      return new Chosen(
          new ClientIdentity(own.documentUrl(), null, ClientIdentity.NONE),
          own.address(RedirectPath.SHARED));
    }
    String redirectUri = own.address(RedirectPath.of(server.issuer(), accountId));
    Optional<ClientIdentity> known =
        anew ? Optional.empty() : readable(server.issuer(), redirectUri);
    return new Chosen(
        known.isPresent() ? known.get() : register(server, own, redirectUri, accountId),
        redirectUri);
  }

  // At an address that issuers share, and without a name in the answer, nothing else tells a server
  // apart from one that it has sent the person to.
  private static String pathByHand(AuthorizationServer server, PresetClient byHand, OwnClient own)
      throws CredentialException {
    if (!byHand.sharesRedirect()) {
      return RedirectPath.of(server.issuer());
    }
    if (server.mayLeadElsewhere()) {
      throw CredentialException.lasting(
          ("People would grant access elsewhere than at %s, and its answer would not name it: register"
                  + " the redirect address %s for the client there, send mcp.oauth.client_id as an"
                  + " empty text, and then send the client again.")
              .formatted(server.issuer(), own.address(RedirectPath.of(server.issuer()))));
    }
    return RedirectPath.SHARED;
  }

  // One of another issuer, or one that was altered, is as good as none.
  private Optional<ClientIdentity> readable(String issuer, String redirectUri) {
    try {
      return known(issuer, redirectUri);
    } catch (SealBrokenException e) {
      if (e.isOfUnknownKey()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Optional<ClientIdentity> known(String issuer, String redirectUri) {
    return sql.statement(CredentialStatements.REGISTRATION)
        .with("issuer", issuer)
        .with("redirect_uri", redirectUri)
        .with("now", clock.instant())
        .first(
            row ->
                json.read(
                    secrets
                        .open(
                            new Sealed(row.bytes("client_sealed")),
                            context(row.id("id")),
                            SecretServer.ofIssuer(issuer))
                        .value(),
                    ClientIdentity.class));
  }

  private ClientIdentity register(
      AuthorizationServer server, OwnClient own, String redirectUri, UUID accountId)
      throws CredentialException, InterruptedException {
    ClientRegistration.Registered made = registration.register(server, own, redirectUri);
    // A secret is sealed in the transaction that stores it.
    QuarkusTransaction.requiringNew()
        .run(() -> store(server.issuer(), redirectUri, accountId, made));
    return made.client();
  }

  // Two processes that register at the same time get two clients; the later one is stored.
  private void store(
      String issuer, String redirectUri, UUID accountId, ClientRegistration.Registered made) {
    UUID id = UUID.randomUUID();
    sql.statement(CredentialStatements.KEEP_REGISTRATION)
        .with("id", id)
        .with("issuer", issuer)
        .with("redirect_uri", redirectUri)
        .with("account_id", accountId)
        .with(
            "client_sealed",
            secrets
                .seal(
                    new PlainSecret(json.write(made.client())),
                    context(id),
                    SecretServer.ofIssuer(issuer))
                .bytes())
        .with("expires_at", made.expiresAt())
        .with("now", clock.instant())
        .run();
  }

  /** Deletes the registration if the issuer no longer knows it. */
  void noteRefusal(Connection connection, CredentialException why) {
    if (why.isClientUnknown()) {
      sql.statement(CredentialStatements.FORGET_REGISTRATION)
          .with("issuer", connection.issuer())
          .with("redirect_uri", connection.redirectUri())
          .run();
    }
  }

  private static String context(UUID id) {
    return "mcp-registration/" + id + "/client";
  }

  /**
   * A client that was registered by hand.
   *
   * @param secret its secret; null where it has none
   * @param sharesRedirect whether it was registered with {@link RedirectPath#SHARED}
   */
  record PresetClient(String id, @Nullable String secret, boolean sharesRedirect) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "PresetClient[" + id + "]";
    }
  }
}
