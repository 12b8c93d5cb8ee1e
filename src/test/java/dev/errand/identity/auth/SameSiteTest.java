package dev.errand.identity.auth;

import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.hasSize;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SameSiteTest {
  private static final String TRIGGERS = TASKS + "/guarded/triggers";

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register("guarded", "Hello", model).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/guarded?force=true").then().statusCode(204);
    model.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: Cross-Site",
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost",
        "Origin: http://localhost:1",
        "Origin: http://localhost.evil.example:{port}",
        "Origin: nonsense://",
      })
  void anotherSiteChangesNothingWithACookie(String field) {
    for (String path :
        new String[] {
          TRIGGERS, "/api/tasks/admin/default/guarded/signed", TASKS + "/guarded/runs/r/cancel"
        }) {
      problem(from(field).cookie("sessionId", SESSION).post(path), 403, "cross_site");
    }
    problem(from(field).cookie("sessionId", SESSION).delete(TASKS + "/guarded"), 403, "cross_site");
    problem(
        from(field).cookie("sessionId", SESSION).put(TASKS + "/guarded/runs/r"), 403, "cross_site");
    from(field).cookie("sessionId", SESSION).get(TRIGGERS).then().statusCode(200);
    api().get(TRIGGERS).then().statusCode(200).body("$", hasSize(0));

    // A page of another site can't know a bearer token.
    from(field).header("Authorization", "Bearer " + SESSION).post(TRIGGERS).then().statusCode(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none",
        "Origin: http://localhost:{port}",
        "Origin: https://LOCALHOST:{port}",
        "Accept: */*",
      })
  void theServiceItselfAndProgramsMayChangeWhatTheyMay(String field) {
    from(field).cookie("sessionId", SESSION).post(TRIGGERS).then().statusCode(201);
  }

  @Test
  void fetchMetadataOverridesTheOrigin() {
    from("Sec-Fetch-Site: same-origin")
        .header("Origin", "https://proxied.example")
        .cookie("sessionId", SESSION)
        .post(TRIGGERS)
        .then()
        .statusCode(201);
    problem(
        from("Sec-Fetch-Site: cross-site")
            .header("Origin", "http://localhost:" + RestAssured.port)
            .cookie("sessionId", SESSION)
            .post(TRIGGERS),
        403,
        "cross_site");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sessionId={s}; sessionId={s}",
        "sessionId=other; sessionId={s}",
        "sessionId={s};sessionId=",
        "a=b; sessionId={s}; c=d; sessionId=\"{s}\"",
      })
  void twoSessionsAreRefused(String cookies) {
    problem(
        given().header("Cookie", cookies.replace("{s}", SESSION)).get(TASKS),
        400,
        "ambiguous_session");
    given()
        .header("Cookie", cookies.replace("{s}", SESSION))
        .header("Authorization", "Bearer " + SESSION)
        .get(TASKS)
        .then()
        .statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sessionId={s}",
        "sessionId=\"{s}\"",
        "a=sessionId=x; xsessionId=y; sessionId={s}; sessionid=z",
        "a=b;sessionId={s}",
      })
  void aSessionAmongOtherCookiesIsAccepted(String cookies) {
    given().header("Cookie", cookies.replace("{s}", SESSION)).get(TASKS).then().statusCode(200);
  }

  private static RequestSpecification from(String field) {
    String[] parts = field.split(": ", 2);
    return given()
        .urlEncodingEnabled(false)
        .contentType(ContentType.JSON)
        .header(parts[0], parts[1].replace("{port}", String.valueOf(RestAssured.port)));
  }
}
