package dev.errand.support;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A token that a test has made.
 *
 * @param id its id
 * @param text what it is sent as
 */
public record ApiToken(String id, String text) {

  /** Asks for a token. */
  public static Response ask(RequestSpecification by, List<String> scopes, Map<String, ?> more) {
    Map<String, Object> body = new HashMap<>(more);
    body.put("name", "for a test");
    body.put("scopes", scopes);
    return by.body(body).post("/api/tokens");
  }

  /** Makes a token. */
  public static ApiToken make(RequestSpecification by, List<String> scopes, Map<String, ?> more) {
    JsonPath made = ask(by, scopes, more).then().statusCode(201).extract().jsonPath();
    return new ApiToken(made.getString("id"), made.getString("token"));
  }

  /** A request with the token. */
  public RequestSpecification api() {
    return given()
        .urlEncodingEnabled(false)
        .header("Authorization", "Bearer " + text)
        .contentType(ContentType.JSON);
  }
}
