package dev.errand.identity.auth;

import static dev.errand.support.Api.SESSION;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.support.TestDatabase;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session becomes the security identity of a request, but only when the identity is needed. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AuthenticationTest {
  @Inject IdentityProviderManager identities;
  @Inject Vertx vertx;
  @Inject DataSource database;

  @Test
  void theCallerIsThePrincipalOfASession() {
    SecurityIdentity identity =
        identities.authenticate(new CredentialRequest(SESSION)).await().indefinitely();
    assertEquals("admin", assertInstanceOf(Caller.class, identity.getPrincipal()).username());
    assertFalse(identity.isAnonymous());
  }

  @Test
  void aTokenOfNoSessionIsRefusedWithTheErrorThatClientsSee() {
    AuthenticationFailedException refused =
        assertThrows(
            AuthenticationFailedException.class,
            () ->
                identities
                    .authenticate(new CredentialRequest(SESSION + "x"))
                    .await()
                    .indefinitely());
    ApiException error = assertInstanceOf(ApiException.class, refused.getCause());
    assertEquals(ErrorCode.UNAUTHENTICATED, error.code());
  }

  @Test
  void noEventLoopWaitsForTheLookup() throws Exception {
    Context eventLoop = vertx.getOrCreateContext();
    CompletableFuture<SecurityIdentity> identity = new CompletableFuture<>();
    CompletableFuture<Boolean> knownToTheNext = new CompletableFuture<>();
    try (Connection connection = database.getConnection();
        Statement lock = connection.createStatement()) {
      connection.setAutoCommit(false);
      lock.execute("LOCK TABLE session IN ACCESS EXCLUSIVE MODE");
      eventLoop.runOnContext(
          begun ->
              identities
                  .authenticate(new CredentialRequest(SESSION))
                  .subscribe()
                  .with(identity::complete, identity::completeExceptionally));
      // What comes next on the event loop comes while the database lets nobody read a session.
      eventLoop.runOnContext(next -> knownToTheNext.complete(identity.isDone()));
      assertFalse(knownToTheNext.get(2, TimeUnit.MINUTES));
      connection.rollback();
    }
    assertFalse(identity.get(2, TimeUnit.MINUTES).isAnonymous());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/health", "/q/metrics", "/hooks/none", "/nowhere"})
  void pathsWithTheirOwnRulesNeedNoSession(String path) {
    int without = given().get(path).statusCode();
    assertTrue(without == 200 || without == 404 || without == 405, path + " " + without);
    given()
        .header("Authorization", "Bearer " + SESSION + "x")
        .header("Cookie", "sessionId=a; sessionId=b")
        .get(path)
        .then()
        .statusCode(without)
        .header("WWW-Authenticate", not(containsString("errand")));
  }
}
