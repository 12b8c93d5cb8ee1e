package dev.errand.base.limit;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;

import dev.errand.support.Api;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FormPartsTest {
  private static final String BOUNDARY = "--b-";

  private static Response send(String path, int parts) {
    String part =
        "--"
            + BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n-\r\n";
    return given()
        .cookie("sessionId", Api.SESSION)
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .body((part.repeat(parts) + "--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII))
        .post(path);
  }

  @Test
  void filesAreRefusedWhereNoneIsTaken() {
    for (String path :
        List.of("/console/admin/default/new-task", "/sign-in", "/sign-out", "/oauth/authorize")) {
      send(path, 1).then().statusCode(415);
    }
  }

  @Test
  void aFormHasNoMorePartsThanFieldsOfOurs() {
    send("/console/admin/default/publish", 65)
        .then()
        .statusCode(400)
        .body(containsString("more than 64 parts"));
    // Without its ticket.
    send("/console/admin/default/publish", 64).then().statusCode(403);
  }
}
