package dev.errand.identity.oauth;

import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.IssuerKeys;
import dev.errand.base.json.Json;
import dev.errand.identity.account.CurrentCaller;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/** Verifies access tokens that are JWTs (RFC 9068), and rejects other tokens of the same issuer. */
@ApplicationScoped
class IssuedTokenReader {
  private static final int SKEW_SECONDS = 60;
  private static final int LONGEST_NAME = 255;
  private static final Set<String> ACCESS_TOKEN = Set.of("at+jwt", "application/at+jwt");
  // Types of tokens of providers that do not follow RFC 9068.
  private static final Set<String> ANY_TOKEN = Set.of("", "jwt", "application/jwt");
  private static final List<String> OF_ID_TOKENS = List.of("nonce", "at_hash", "c_hash");

  private final @Nullable String issuer;
  private final @Nullable IssuerKeys keys;
  private final Optional<String> userClaim;
  private volatile @Nullable JwtConsumer verifier;

  IssuedTokenReader(OAuthConfig config, Json json) {
    this.issuer = config.issuer().map(URI::toString).orElse(null);
    this.keys =
        config
            .issuer()
            .map(named -> new IssuerKeys.Source(named, config.keys(), true, "ERRAND_OAUTH_ISSUER"))
            .map(source -> new IssuerKeys(json, source))
            .orElse(null);
    this.userClaim = config.userClaim();
  }

  /**
   * Verifies a token: its signature, issuer and time, and that it is an access token. The caller
   * checks its user and its audience.
   *
   * @throws ApiException {@link dev.errand.base.error.ErrorCode#UNAUTHENTICATED} where it is
   *     refused, {@link dev.errand.base.error.ErrorCode#UNAVAILABLE} where the keys of the issuer
   *     can't be fetched now
   */
  IssuedToken read(String token) {
    try {
      // A token with wrong claims is refused before the issuer's keys are fetched.
      check(unverified().process(token));
      return check(verified(token));
    } catch (InvalidJwtException | MalformedClaimException e) {
      throw refused(e);
    }
  }

  private JwtConsumer unverified() {
    return expecting().setSkipSignatureVerification().build();
  }

  private JwtContext verified(String token) throws InvalidJwtException {
    if (keys == null) {
      throw new IllegalStateException("No issuer is configured.");
    }
    JwtConsumer known = verifier;
    if (known == null) {
      known =
          expecting()
              .setJwsAlgorithmConstraints(IssuerKeys.ALGORITHMS)
              .setVerificationKeyResolver(keys.resolver())
              .build();
      verifier = known;
    }
    try {
      return known.process(token);
    } catch (InvalidJwtException e) {
      keys.checkAvailable(e);
      throw e;
    }
  }

  private JwtConsumerBuilder expecting() {
    return new JwtConsumerBuilder()
        .setRequireExpirationTime()
        .setRequireSubject()
        .setAllowedClockSkewInSeconds(SKEW_SECONDS)
        .setExpectedIssuer(issuer)
        .setSkipDefaultAudienceValidation();
  }

  private IssuedToken check(JwtContext token) throws MalformedClaimException {
    JwtClaims claims = token.getJwtClaims();
    String type = token.getJoseObjects().getFirst().getHeader("typ");
    checkKind(type == null ? "" : type.toLowerCase(Locale.ROOT), claims);
    if (claims.hasClaim("cnf")) {
      throw CurrentCaller.unauthenticated(
          "The access token is bound to a key of its client, which is not checked here: it must be a"
              + " bearer token.");
    }
    String scope = claims.getStringClaimValue("scope");
    String username = userClaim.isPresent() ? claims.getStringClaimValue(userClaim.get()) : null;
    return new IssuedToken(
        name(claims.getSubject()),
        username == null ? null : name(username),
        client(claims),
        claims.hasAudience() ? claims.getAudience() : List.of(),
        OAuthScopes.of(scope == null ? "" : scope),
        // As long as it is accepted, so that requests it started do not end earlier.
        Instant.ofEpochSecond(claims.getExpirationTime().getValue()).plusSeconds(SKEW_SECONDS));
  }

  private static void checkKind(String type, JwtClaims claims) {
    boolean isPlain =
        ANY_TOKEN.contains(type)
            && claims.hasClaim("scope")
            && !"ID".equals(claims.getClaimValue("typ"))
            && OF_ID_TOKENS.stream().noneMatch(claims::hasClaim);
    if (!ACCESS_TOKEN.contains(type) && !isPlain) {
      throw CurrentCaller.unauthenticated(
          "The token is not an access token: send one of the type `at+jwt`.");
    }
  }

  private static String name(String claim) {
    if (claim.isBlank() || !StorableText.is(claim)) {
      throw CurrentCaller.unauthenticated(
          "The access token names its user by a claim that is blank, or has the character NUL.");
    }
    return claim;
  }

  private static String client(JwtClaims claims) throws MalformedClaimException {
    String client = claims.getStringClaimValue("client_id");
    String named = client == null ? claims.getStringClaimValue("azp") : client;
    if (named == null
        || named.isBlank()
        || named.length() > LONGEST_NAME
        || !StorableText.is(named)) {
      throw CurrentCaller.unauthenticated(
          "The access token does not name its client, as `client_id`.");
    }
    return named;
  }

  private static ApiException refused(Exception refusal) {
    if (refusal instanceof InvalidJwtException wrong) {
      if (wrong.hasErrorCode(ErrorCodes.EXPIRED)) {
        return CurrentCaller.unauthenticated("The access token has expired: get another one.");
      }
      if (wrong.hasErrorCode(ErrorCodes.ISSUER_INVALID)
          || wrong.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
        return CurrentCaller.unauthenticated(
            "The access token is not from the issuer whose tokens are accepted here.");
      }
    }
    return CurrentCaller.unauthenticated(
        "The access token is refused: it is not valid now, or was not signed by its issuer.");
  }
}
