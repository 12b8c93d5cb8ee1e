package dev.errand.tools.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.mcp.oauth.CredentialStore.Forgotten;
import dev.errand.tools.mcp.oauth.CredentialStore.HeldTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Requests tokens from authorization servers (RFC 6749, sections 4.1.3 and 6), and revokes them.
 */
@ApplicationScoped
public class TokenRequests {
  private static final Logger LOG = Logger.getLogger(TokenRequests.class);
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16000}");
  private static final Pattern CODE = Pattern.compile("[\\x20-\\x7e]{1,100}");
  private static final int MOST_OF_A_DESCRIPTION = 300;
  private static final long LONGEST_LIFE = 10L * 365 * 24 * 60 * 60;

  private final OAuthHttp http;
  private final Clock clock;

  TokenRequests(OAuthHttp http, Clock clock) {
    this.http = http;
    this.clock = clock;
  }

  public GrantedTokens exchange(Connection connection, String code, String verifier)
      throws CredentialException, InterruptedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", connection.redirectUri());
    form.put("code_verifier", verifier);
    return ask(connection, form, null);
  }

  public GrantedTokens refresh(Connection connection, GrantedTokens present)
      throws CredentialException, InterruptedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", String.valueOf(present.refresh()));
    return ask(connection, form, present);
  }

  // In the background, so that an uninstallation is neither slow nor fails.
  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) Forgotten forgotten) {
    Thread.startVirtualThread(
        () -> {
          try {
            revoke(forgotten.held());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Revokes tokens; a failure is ignored. */
  void revoke(HeldTokens held) throws InterruptedException {
    try {
      revoke(held.connection(), held.tokens());
    } catch (CredentialException e) {
      LOG.debugf("A token was not revoked: %s", e.sentence());
    }
  }

  /** Revokes tokens (RFC 7009), where the issuer offers that. */
  private void revoke(Connection connection, GrantedTokens tokens)
      throws CredentialException, InterruptedException {
    String endpoint = connection.revocationEndpoint();
    if (endpoint == null) {
      return;
    }
    String refresh = tokens.refresh();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("token", refresh == null ? tokens.access() : refresh);
    form.put("token_type_hint", refresh == null ? "access_token" : "refresh_token");
    OAuthHttp.Answer _ = http.post(endpoint, connection.client().authenticate(form), form);
  }

  private GrantedTokens ask(
      Connection connection, Map<String, String> form, @Nullable GrantedTokens before)
      throws CredentialException, InterruptedException {
    form.put("resource", connection.resource());
    Map<String, String> headers = connection.client().authenticate(form);
    OAuthHttp.Answer answer = http.post(connection.tokenEndpoint(), headers, form);
    String place = OAuthHttp.shown(connection.tokenEndpoint());
    JsonNode body = answer.body();
    // Some servers answer 200 with an error.
    String error = body.path("error").asText("");
    if (!error.isEmpty() || answer.status() == 401) {
      throw refused(place, answer, error);
    }
    if (!answer.isSuccess()) {
      throw CredentialException.passing(
          "%s answered with status %d instead of a token.".formatted(place, answer.status()));
    }
    return tokens(place, body, before);
  }

  private static CredentialException refused(String place, OAuthHttp.Answer answer, String error) {
    String code = CODE.matcher(error).matches() ? error : "no readable reason";
    String description = answer.body().path("error_description").asText("");
    String sentence =
        "%s issued no token: %s%s"
            .formatted(
                place,
                code,
                description.isBlank()
                    ? "."
                    : " (" + WellFormed.cut(description, MOST_OF_A_DESCRIPTION) + ").");
    boolean passes =
        answer.status() >= 500
            || answer.status() == 429
            || error.equals("temporarily_unavailable")
            || error.equals("server_error");
    if (error.equals("invalid_client") || error.equals("unauthorized_client")) {
      return CredentialException.unknownClient(sentence);
    }
    return passes ? CredentialException.passing(sentence) : CredentialException.lasting(sentence);
  }

  private GrantedTokens tokens(String place, JsonNode body, @Nullable GrantedTokens before)
      throws CredentialException {
    String access = body.path("access_token").asText("");
    if (!TOKEN.matcher(access).matches()
        || !body.path("token_type").asText("bearer").equalsIgnoreCase("bearer")) {
      throw CredentialException.lasting(
          place + " did not answer with a bearer token that can be sent in a header field.");
    }
    String refresh = body.path("refresh_token").textValue();
    String scope = body.path("scope").textValue();
    return new GrantedTokens(
        access,
        refresh == null && before != null ? before.refresh() : refresh,
        clock.instant(),
        expiry(body.path("expires_in")),
        scope == null && before != null ? before.scope() : scope);
  }

  // Some servers send the number as a text.
  private @Nullable Instant expiry(JsonNode seconds) {
    long life = seconds.asLong(-1);
    return life < 0
        ? null
        : clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(Math.min(life, LONGEST_LIFE));
  }
}
