package dev.errand.automation.trigger;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A sender of webhooks, which has no session. */
public final class Hooks {
  private Hooks() {}

  /** Posts a text as it is, under a content type or none. */
  public static Response post(String url, String contentType, String body) {
    return post(url, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** Posts a body byte for byte. */
  public static Response post(
      String url, String contentType, byte[] body, Map<String, String> headers) {
    return given()
        .config(
            RestAssured.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .encodeContentTypeAs(contentType, ContentType.BINARY)))
        .urlEncodingEnabled(false)
        .contentType(contentType)
        .headers(headers)
        .body(body)
        .post(url);
  }

  /** Posts a JSON text with these header fields. */
  static Response json(String url, String body, Map<String, String> headers) {
    return post(url, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Makes a trigger and answers with what the API said of it. */
  static Response make(String task, String name, String scheme, List<String> secrets) {
    return make(task, name, scheme, secrets, Map.of());
  }

  static Response make(
      String task, String name, String scheme, List<String> secrets, Map<String, Object> more) {
    Map<String, Object> body = new HashMap<>(more);
    body.put("scheme", scheme);
    if (!secrets.isEmpty()) {
      body.put("secrets", secrets);
    }
    return api().body(body).put(TASKS + "/" + task + "/triggers/" + name);
  }

  /** The address of a trigger, made for it. */
  public static String url(String task, String name, String scheme, List<String> secrets) {
    return make(task, name, scheme, secrets).then().statusCode(201).extract().path("url");
  }

  /** The run's name at the end of an answer's URL. */
  public static String run(Response answer) {
    String url = answer.then().statusCode(202).extract().path("url");
    return url.substring(url.lastIndexOf('/') + 1);
  }
}
