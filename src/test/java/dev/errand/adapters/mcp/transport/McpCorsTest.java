package dev.errand.adapters.mcp.transport;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.nullValue;

import dev.errand.support.Chat;
import dev.errand.support.ShortWaits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A chat that runs in a browser, on a page of an origin that the configuration names. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ShortWaits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class McpCorsTest {
  private static final String PAGE = "https://inspector.example";
  private static final String ALLOWED = "Access-Control-Allow-Origin";

  @Test
  void aPageOfAnAllowedOriginMayCallTheEndpoint() {
    given()
        .header("Origin", PAGE)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization, mcp-method, mcp-param-region")
        .options("/mcp/admin/default")
        .then()
        .statusCode(204)
        .header(ALLOWED, PAGE)
        .header("Vary", containsString("Origin"))
        .header("Access-Control-Allow-Headers", containsString("mcp-param-region"));
    Chat.ofTests()
        .request("tools/list", Map.of())
        .header("Origin", PAGE)
        .post("/mcp")
        .then()
        .statusCode(200)
        .header(ALLOWED, PAGE);
    given()
        .header("Origin", PAGE)
        .body("{}")
        .post("/mcp")
        .then()
        .statusCode(401)
        .header(ALLOWED, PAGE)
        .header("Access-Control-Expose-Headers", containsString("WWW-Authenticate"));
  }

  @Test
  void anotherPageMayNot() {
    given()
        .header("Origin", "https://evil.example")
        .header("Access-Control-Request-Method", "POST")
        .options("/mcp")
        .then()
        .header(ALLOWED, nullValue());
    Chat.ofTests()
        .request("tools/list", Map.of())
        .header("Origin", "https://evil.example")
        .post("/mcp")
        .then()
        .statusCode(403)
        .header(ALLOWED, nullValue());
    given().header("Origin", PAGE).get("/api/users/~").then().header(ALLOWED, nullValue());
  }
}
