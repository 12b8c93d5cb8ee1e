package dev.errand.tools.mcp;

import dev.errand.base.secret.SealBrokenException;
import dev.errand.tools.mcp.oauth.BearerChallenge;
import dev.errand.tools.mcp.oauth.CredentialException;
import dev.errand.tools.mcp.oauth.Credentials;
import dev.errand.tools.mcp.wire.McpEndpoint;
import dev.errand.tools.mcp.wire.McpException;
import dev.errand.tools.mcp.wire.McpFailure;
import dev.errand.tools.port.ToolSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Sends requests to remote servers with their credentials. A refused token is renewed once for each
 * request; {@link Credentials} bounds how often it is renewed for all of them.
 */
@ApplicationScoped
class AuthorizedRequests {
  private static final Logger LOG = Logger.getLogger(AuthorizedRequests.class);
  private static final String FIELD = "Authorization";
  private static final String SCHEME = "Bearer ";
  private static final String CANT_OPEN =
      "The header fields can't be opened, because their stored value or the address that they are"
          + " for was altered: they must be set again.";

  private final RemoteServerStore store;
  private final Credentials credentials;

  AuthorizedRequests(RemoteServerStore store, Credentials credentials) {
    this.store = store;
    this.credentials = credentials;
  }

  /** A request to a server. */
  @FunctionalInterface
  interface Question<T> {
    T ask(McpEndpoint endpoint) throws McpException, InterruptedException;
  }

  /**
   * Sends a request to a server.
   *
   * @throws McpException when there is no answer, or no credential
   */
  <T> T ask(RemoteServer server, Duration most, Question<T> question)
      throws McpException, InterruptedException {
    if (!server.usesOAuth()) {
      return question.ask(new McpEndpoint(server.url(), headers(server)));
    }
    try {
      String token = credentials.token(server.installationId(), server.url(), most);
      try {
        return question.ask(endpoint(server, token));
      } catch (McpException e) {
        if (e.kind() != McpFailure.UNAUTHORIZED) {
          throw e;
        }
        checkScope(server, BearerChallenge.of(e.challenge()));
        if (!e.isTokenRefused()) {
          throw e;
        }
        // The request was not processed, and can be repeated.
        String another = credentials.another(server.installationId(), server.url(), token, most);
        return question.ask(endpoint(server, another));
      }
    } catch (CredentialException e) {
      throw new McpException(e.isFinal() ? McpFailure.UNAUTHORIZED : McpFailure.BUSY, e.sentence());
    }
  }

  /**
   * Renews the token of a server if it expires soon.
   *
   * @return why the server has no credential until a person connects it or sets its header fields;
   *     empty where it has one, or may have one later
   */
  Optional<ToolSource.Lack> prepare(RemoteServer server, Duration most)
      throws InterruptedException {
    if (server.usesOAuth()) {
      try {
        String _ = credentials.token(server.installationId(), server.url(), most);
      } catch (CredentialException e) {
        return e.isFinal()
            ? Optional.of(new ToolSource.Lack(e.sentence(), true))
            : Optional.empty();
      }
    } else {
      try {
        Map<String, String> _ = store.headers(server);
      } catch (SealBrokenException e) {
        // Another process may open them.
        return e.isOfUnknownKey()
            ? Optional.empty()
            : Optional.of(new ToolSource.Lack(CANT_OPEN, false));
      }
    }
    return Optional.empty();
  }

  private static McpEndpoint endpoint(RemoteServer server, String token) {
    return new McpEndpoint(server.url(), Map.of(FIELD, SCHEME + token));
  }

  private void checkScope(RemoteServer server, BearerChallenge challenge) throws McpException {
    if (challenge.isScopeMissing() && challenge.scope().isPresent()) {
      String scope = challenge.scope().get();
      credentials.lacks(server.installationId(), scope);
      throw new McpException(
          McpFailure.ERROR,
          "The server requires the scope `%s`, which was not granted: it has to be connected again."
              .formatted(scope));
    }
  }

  private Map<String, String> headers(RemoteServer server) throws McpException {
    try {
      return store.headers(server);
    } catch (SealBrokenException e) {
      LOG.errorf(
          "The header fields of the installation %s can't be opened: %s",
          server.installationId(), e.getMessage());
      throw new McpException(McpFailure.UNAUTHORIZED, CANT_OPEN);
    }
  }
}
