package dev.errand.identity.auth;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ApiToken;
import dev.errand.support.StrictService;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A token that makes more requests than it may waits, and the others do not. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = StrictService.class, scope = TestResourceScope.MATCHING_RESOURCES)
class RequestLimitTest {
  private ApiToken token = new ApiToken("", "");

  @AfterEach
  void revoke() {
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  @Test
  void theFourthRequestOfAMinuteIsRefused() {
    token = ApiToken.make(api(), List.of("read"), Map.of());
    // More than a minute between two of these requests would fill the bucket again.
    Response answer = token.api().get("/api/users/~");
    for (int i = 0; i < 10 && answer.statusCode() == 200; i++) {
      answer
          .then()
          .header("RateLimit-Policy", equalTo("\"token\";q=3;w=60, \"user\";q=1000;w=60"))
          .header("RateLimit", matchesPattern("\"token\";r=[0-2];t=\\d+, \"user\";r=\\d+;t=\\d+"));
      answer = token.api().get("/api/users/~");
    }
    problem(answer, 429, "rate_limited");
    answer
        .then()
        .header("RateLimit-Policy", equalTo("\"token\";q=3;w=60"))
        .header("RateLimit", startsWith("\"token\";r=0;t="));
    int wait = Integer.parseInt(answer.header("Retry-After"));
    assertTrue(wait >= 1 && wait <= 20, "a third of a minute at most, and not " + wait);
    ApiToken other = ApiToken.make(api(), List.of("read"), Map.of());
    assertEquals(200, other.api().get("/api/users/~").statusCode());
    api().delete("/api/tokens/" + other.id()).then().statusCode(204);
    api().get("/api/users/~").then().statusCode(200);
  }
}
