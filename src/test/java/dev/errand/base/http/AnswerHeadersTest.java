package dev.errand.base.http;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of the API's answers to browsers and caches. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AnswerHeadersTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  @Test
  void noAnswerOfTheApiIsKeptOrTakenForAnotherType() {
    for (Response answer :
        List.of(
            api().get("/api/users/~"),
            api().get(TASKS),
            api().get(TASKS + "/none"),
            api().get("/api/nothing"),
            api().delete("/api/users/~"),
            api().body("{").put(TASKS + "/none"),
            api().body(new byte[3 << 20]).put(TASKS + "/none"),
            given().get(TASKS))) {
      assertHeaders(answer, "no-store");
    }
  }

  @Test
  void cacheableAnswersSaySoThemselves() {
    byte[] wasm = wasm("c_echo");
    publish("admin/kept", "", wasm).then().statusCode(201);
    Response content = api().get("/api/c/" + address(wasm));
    assertHeaders(content, "private, max-age=31536000, immutable");
    assertHeaders(
        api().header("If-None-Match", content.header("ETag")).get("/api/c/" + address(wasm)),
        "private, max-age=31536000, immutable");
    assertHeaders(api().get(INSTALLATIONS), "private, no-cache");
  }

  private static void assertHeaders(Response answer, String cacheControl) {
    assertEquals(List.of(cacheControl), answer.headers().getValues("Cache-Control"));
    assertEquals(List.of("nosniff"), answer.headers().getValues("X-Content-Type-Options"));
  }
}
