package dev.errand.adapters.serverless;

import static dev.errand.adapters.serverless.EventSender.RUN_ENQUEUED;
import static dev.errand.adapters.serverless.EventSender.event;
import static dev.errand.adapters.serverless.EventSender.post;
import static dev.errand.adapters.serverless.Issuer.token;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.IssuerKeys;
import dev.errand.base.json.Json;
import dev.errand.support.Eventually;
import dev.errand.support.JwtIssuer;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events bring a token of an issuer, and nothing is done for one that is not as it should be. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Issuer.class, scope = TestResourceScope.MATCHING_RESOURCES)
@WithTestResource(value = Sink.class, scope = TestResourceScope.MATCHING_RESOURCES)
class OidcTest {
  private static final String RUN = TASKS + "/guarded/runs/r";

  private static final Json JSON = new Json(JsonMapper.builder().build());

  private final ScriptedModel model = new ScriptedModel();
  private final PublicJsonWebKey rsa = JwtIssuer.rsa("rsa");
  private final PublicJsonWebKey ec = JwtIssuer.ec("ec");

  @Inject BeanManager beans;

  @TempDir Path folder;

  @BeforeEach
  void aRunThatWaits() {
    // Keys of this test alone: a name that was known before would stand for another key.
    String test = Integer.toHexString(System.identityHashCode(this));
    rsa.setKeyId("rsa-" + test);
    ec.setKeyId("ec-" + test);
    Issuer.ISSUER.publish(rsa, ec);
    register("guarded", "Hello", model).then().statusCode(201);
    trigger("guarded", "r", Map.of()).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    Issuer.ISSUER.away(false);
    Issuer.ISSUER.padding("");
    api().delete(TASKS + "/guarded?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aTokenOfTheIssuerIsTaken() throws Exception {
    awaitTaken(token(rsa, claims -> {}));
    api().get(RUN).then().body("status", equalTo("ready"));
    assertEquals(204, send(token(ec, claims -> {})));
    // The configured token stays valid beside it.
    assertEquals(204, send(EventSender.TOKEN));
  }

  @Test
  void invalidTokensAreRefusedAndNothingIsDone() throws Exception {
    refuse("ended", token(rsa, claims -> claims.setExpirationTimeMinutesInTheFuture(-5)));
    refuse("without an end", token(rsa, claims -> claims.unsetClaim("exp")));
    refuse(
        "not yet",
        token(
            rsa,
            claims ->
                claims.setNotBefore(NumericDate.fromSeconds(NumericDate.now().getValue() + 3600))));
    refuse("for somebody else", token(rsa, claims -> claims.setAudience("somebody-else")));
    refuse("for nobody", token(rsa, claims -> claims.unsetClaim("aud")));
    refuse("of another issuer", token(rsa, claims -> claims.setIssuer("https://evil.example")));
    refuse("of one like it", token(rsa, claims -> claims.setIssuer(Issuer.ISSUER.url() + "/")));
    refuse("of none", token(rsa, claims -> claims.unsetClaim("iss")));

    PublicJsonWebKey other = JwtIssuer.rsa(String.valueOf(rsa.getKeyId()));
    refuse("signed by another key under that name", token(other, claims -> {}));
    refuse("signed by an unknown key", token(JwtIssuer.ec("unknown"), claims -> {}));
    String good = token(ec, claims -> {});
    String claims = good.substring(0, good.lastIndexOf('.'));
    refuse("signed by nobody", claims + ".");
    String others = token(rsa, with -> {});
    refuse("with another's signature", claims + others.substring(others.lastIndexOf('.')));
    refuse("no token at all", "a.b.c");
  }

  @Test
  void theAlgorithmIsTheIssuersToChoose() throws Exception {
    String id = String.valueOf(rsa.getKeyId());
    refuse("none", Issuer.signed(null, id, AlgorithmIdentifiers.NONE));
    // The public key is known to all: taken for a secret, it would let all of them sign.
    String pem = rsa.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    for (byte[] secret :
        new byte[][] {
          rsa.getPublicKey().getEncoded(), pem.getBytes(StandardCharsets.UTF_8),
        }) {
      refuse(
          "HMAC with the public key",
          Issuer.signed(new HmacKey(secret), id, AlgorithmIdentifiers.HMAC_SHA256));
    }
  }

  @Test
  void aNewKeyIsFoundAndAFormerOneHoldsNoLonger() throws Exception {
    awaitTaken(token(rsa, claims -> {}));
    PublicJsonWebKey next = JwtIssuer.ec("next-" + rsa.getKeyId());
    Issuer.ISSUER.publish(next);
    // Keys are fetched no more often than every now and then, whatever tokens name.
    awaitTaken(token(next, claims -> {}));
    assertEquals(401, send(token(rsa, claims -> {})));
  }

  @Test
  void whileTheIssuerIsAwayWhatItSaidHoldsAndTheRestIsToBeSentAgain() throws Exception {
    awaitTaken(token(rsa, claims -> {}));
    Issuer.ISSUER.away(true);
    assertEquals(204, send(token(rsa, claims -> {})));
    PublicJsonWebKey next = JwtIssuer.rsa("unseen-" + rsa.getKeyId());
    Issuer.ISSUER.publish(rsa, next);
    // What the service has heard of lately it believes; then it asks, and gets no answer.
    Eventually.await("503", () -> send(token(next, claims -> {})) == 503);
    Issuer.ISSUER.away(false);
    awaitTaken(token(next, claims -> {}));
  }

  @Test
  void keysOfAFileAreReadAsTheyAreNow() throws Exception {
    Path file = folder.resolve("jwks.json");
    write(file, rsa);
    EventAuth auth =
        new EventAuth(
            config(Optional.empty(), Optional.of(file.toUri())),
            source -> new IssuerKeys(JSON, source));
    auth.check("Bearer " + token(rsa, claims -> {}));
    write(file, ec);
    auth.check("Bearer " + token(ec, claims -> {}));
    assertEquals(ErrorCode.UNAUTHENTICATED, refusal(auth, token(rsa, claims -> {})));
    Files.delete(file);
    assertEquals(ErrorCode.UNAVAILABLE, refusal(auth, token(ec, claims -> {})));
  }

  @Test
  void anIssuerThatIsAwayIsNotAskedForEachEvent() throws Exception {
    Issuer.ISSUER.away(true);
    int before = Issuer.ISSUER.requests();
    EventAuth auth = discovering(Duration.ofHours(1));
    assertEquals(ErrorCode.UNAUTHENTICATED, refusal(auth, "garbage"));
    assertEquals(ErrorCode.UNAUTHENTICATED, refusal(auth, "a.b.c"));
    assertEquals(
        ErrorCode.UNAUTHENTICATED,
        refusal(auth, token(rsa, claims -> claims.setAudience("other"))));
    assertEquals(before, Issuer.ISSUER.requests(), "what is no token of it costs it nothing");
    for (int i = 0; i < 3; i++) {
      assertEquals(ErrorCode.UNAVAILABLE, refusal(auth, token(rsa, claims -> {})));
    }
    assertEquals(before + 1, Issuer.ISSUER.requests());
  }

  @Test
  void anIssuerThatWasAwayIsAskedAgain() throws Exception {
    Issuer.ISSUER.away(true);
    EventAuth auth = discovering(Duration.ZERO);
    assertEquals(ErrorCode.UNAVAILABLE, refusal(auth, token(rsa, claims -> {})));
    Issuer.ISSUER.away(false);
    auth.check("Bearer " + token(rsa, claims -> {}));
  }

  @Test
  void moreThanAnIssuerHasToSayIsNotRead() throws Exception {
    Issuer.ISSUER.padding(" ".repeat(600_000));
    EventAuth auth = discovering(Duration.ZERO);
    assertEquals(ErrorCode.UNAVAILABLE, refusal(auth, token(rsa, claims -> {})));
    Issuer.ISSUER.padding("");
    auth.check("Bearer " + token(rsa, claims -> {}));
  }

  @Test
  void onlySubjectsThatAreNamedAreTaken() throws Exception {
    String own = "system:serviceaccount:default:errand";
    EventAuth one = taking(own);
    one.check("Bearer " + token(rsa, claims -> {}));
    for (String other : List.of(own + "-2", "system:serviceaccount:default", "", own + "*")) {
      String token = token(rsa, claims -> claims.setSubject(other));
      assertEquals(ErrorCode.UNAUTHENTICATED, refusal(one, token), other);
    }
    String nobody = token(rsa, claims -> claims.unsetClaim("sub"));
    assertEquals(ErrorCode.UNAUTHENTICATED, refusal(one, nobody));

    EventAuth namespace = taking("nobody", "system:serviceaccount:default:*");
    namespace.check("Bearer " + token(rsa, claims -> {}));
    String elsewhere =
        token(rsa, claims -> claims.setSubject("system:serviceaccount:default-2:errand"));
    assertEquals(ErrorCode.UNAUTHENTICATED, refusal(namespace, elsewhere));
  }

  private static EventAuth taking(String... subjects) {
    return new EventAuth(
        config(Optional.empty(), Optional.empty(), List.of(subjects)),
        source -> new IssuerKeys(JSON, source, Duration.ZERO));
  }

  private static EventAuth discovering(Duration pause) {
    return new EventAuth(
        config(Optional.empty(), Optional.empty()), source -> new IssuerKeys(JSON, source, pause));
  }

  @Test
  void aTokenThatIsTooShortStopsTheStart() {
    String problem =
        assertThrows(
                IllegalStateException.class,
                () -> new EventAuth(config(Optional.of("short"), Optional.empty()), JSON))
            .getMessage();
    assertTrue(String.valueOf(problem).contains("ERRAND_EVENTS_TOKEN"), problem);
    assertTrue(
        beans.resolveObserverMethods(new StartupEvent()).stream()
            .anyMatch(method -> method.getBeanClass() == EventAuth.class));
  }

  private static ErrorCode refusal(EventAuth auth, String token) {
    return assertThrows(ApiException.class, () -> auth.check("Bearer " + token)).code();
  }

  private static void write(Path file, PublicJsonWebKey key) throws Exception {
    Files.writeString(
        file, new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
  }

  private static EventConfig config(Optional<String> token, Optional<URI> keys) {
    return config(token, keys, List.of());
  }

  private static EventConfig config(
      Optional<String> token, Optional<URI> keys, List<String> subjects) {
    return new EventConfig() {
      @Override
      public Optional<String> token() {
        return token;
      }

      @Override
      public Oidc oidc() {
        return new Oidc() {
          @Override
          public Optional<URI> issuer() {
            return Optional.of(URI.create(Issuer.ISSUER.url()));
          }

          @Override
          public String audience() {
            return Issuer.AUDIENCE;
          }

          @Override
          public Optional<List<String>> subjects() {
            return subjects.isEmpty() ? Optional.empty() : Optional.of(subjects);
          }

          @Override
          public Optional<URI> keys() {
            return keys;
          }
        };
      }
    };
  }

  private void refuse(String why, String token) {
    problem(post(event(RUN_ENQUEUED), token), 401, "unauthenticated")
        .then()
        .header("WWW-Authenticate", startsWith("Bearer"));
    api().get(RUN).then().body("status", equalTo("pending"), "attempt", equalTo(0));
    assertEquals(0, model.requests().size(), why);
  }

  private static int send(String token) {
    return post(event(RUN_ENQUEUED), token).statusCode();
  }

  private static void awaitTaken(String token) {
    Eventually.await("204", () -> send(token) == 204);
  }
}
