package dev.errand.identity.signin;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Api;
import dev.errand.support.HostedService;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Behind a proxy that ends TLS, the cookie of a session is for https alone. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(HostedService.class)
class SecureCookieTest {
  private static final String USER = "/api/users/behind-a-proxy";

  @AfterEach
  void deleteTheUser() {
    Api.api().delete(USER);
  }

  @ParameterizedTest
  @CsvSource({"https, true", "http, false"})
  void theSchemeOfTheBrowserDecides(String scheme, boolean isSecure) {
    Response invited = Api.api().body("{\"role\": \"member\"}").put(USER);
    String link = invited.then().statusCode(201).extract().path("invitation_url");
    Response accepted =
        given()
            .contentType(ContentType.JSON)
            .header("X-Forwarded-Proto", scheme)
            .body("{\"password\": \"a long enough password\"}")
            .post(link);
    accepted.then().statusCode(201);
    assertEquals(isSecure, accepted.detailedCookie("sessionId").isSecured());
    Response ended =
        given()
            .header("X-Forwarded-Proto", scheme)
            .cookie("sessionId", (String) accepted.path("session"))
            .delete("/api/sessions/current");
    ended.then().statusCode(204);
    assertEquals(isSecure, ended.detailedCookie("sessionId").isSecured());
  }
}
