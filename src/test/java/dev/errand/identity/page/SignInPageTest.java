package dev.errand.identity.page;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.secret.Sha256;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page on which people sign in, as the service sends it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SignInPageTest {

  @Test
  void anybodyGetsThePageWithAFormForThePassword() {
    given()
        .get("/sign-in")
        .then()
        .statusCode(200)
        .contentType("text/html;charset=UTF-8")
        .header("Cache-Control", equalTo("no-store"))
        .header("Referrer-Policy", equalTo("no-referrer"))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .body(containsString("type=\"password\""))
        .body(not(containsString("<!--")))
        .body(not(containsString("sign-in/oidc")));
    // A session that has ended is no obstacle.
    given().cookie("sessionId", "of-yesterday").get("/sign-in").then().statusCode(200);
  }

  @Test
  void theBrowserRunsWhatStandsInThePageAndNothingElse() {
    Response page = given().get("/sign-in");
    String policy = page.header("Content-Security-Policy");
    for (String directive :
        List.of("default-src 'none'", "frame-ancestors 'none'", "form-action 'none'")) {
      assertTrue(policy.contains(directive), policy);
    }
    assertFalse(policy.contains("unsafe"), policy);
    for (String element : List.of("script", "style")) {
      String html = page.asString();
      int start = html.indexOf("<" + element + ">") + element.length() + 2;
      String content = html.substring(start, html.indexOf("</" + element + ">"));
      String hash = Base64.getEncoder().encodeToString(Sha256.of(content));
      assertTrue(policy.contains(element + "-src 'sha256-" + hash + "'"), policy);
      assertEquals(1, html.split("<" + element, -1).length - 1, element);
    }
  }
}
