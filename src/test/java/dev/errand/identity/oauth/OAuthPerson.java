package dev.errand.identity.oauth;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.secret.Sha256;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A person with a browser that has a session, and a client that asks for access.
 *
 * @param session the session
 */
public record OAuthPerson(String session) {
  /** Where the client is answered. */
  public static final String CALLBACK = "https://chat.example/callback";

  static final String VERIFIER = "a-code-verifier-of-43-characters-or-more-0123456789";
  static final String CHALLENGE =
      Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(VERIFIER));

  /** What a client gets. */
  public record Tokens(String access, String refresh, JsonPath body) {}

  /** A client that registers itself; the answer. */
  public static Response register(String body) {
    return given().contentType("application/json").body(body).post("/oauth/register");
  }

  /** The id of a client without a secret that has registered itself. */
  public static String publicClient() {
    return register(
            "{\"client_name\": \"A chat\", \"redirect_uris\": [\"%s\"], \"token_endpoint_auth_method\": \"none\"}"
                .formatted(CALLBACK))
        .then()
        .statusCode(201)
        .extract()
        .path("client_id");
  }

  /** A valid request of a client. */
  public static Map<String, String> request(String client) {
    Map<String, String> request = new LinkedHashMap<>();
    request.put("response_type", "code");
    request.put("client_id", client);
    request.put("redirect_uri", CALLBACK);
    request.put("state", "s t&te");
    request.put("code_challenge", CHALLENGE);
    request.put("code_challenge_method", "S256");
    return request;
  }

  static String query(Map<String, String> request) {
    return request.entrySet().stream()
        .map(
            entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private RequestSpecification browser() {
    return given().urlEncodingEnabled(false).redirects().follow(false).cookie("sessionId", session);
  }

  /** The page that asks. */
  public Response open(Map<String, String> request) {
    return browser().get("/oauth/authorize?" + query(request));
  }

  /** The hidden fields of a page. */
  public static Map<String, String> hidden(Response page) {
    Map<String, String> fields = new HashMap<>();
    Matcher inputs =
        Pattern.compile("<input type=\"hidden\" name=\"([a-z]+)\" value=\"([^\"]*)\">")
            .matcher(page.asString());
    while (inputs.find()) {
      fields.put(inputs.group(1), inputs.group(2).replace("&amp;", "&").replace("&#39;", "'"));
    }
    return fields;
  }

  /** Sends the form. */
  public Response send(Map<String, String> hidden, Map<String, List<String>> chosen) {
    RequestSpecification form =
        given()
            .redirects()
            .follow(false)
            .cookie("sessionId", session)
            .contentType("application/x-www-form-urlencoded; charset=UTF-8");
    hidden.forEach(form::formParam);
    chosen.forEach(form::formParam);
    return form.post("/oauth/authorize");
  }

  /** Opens the page, and allows what is asked for. */
  public Map<String, String> allow(Map<String, String> request, List<String> scopes) {
    return allow(request, Map.of("scope", scopes, "profile", List.of("default")));
  }

  /** The same, with what is chosen besides. */
  Map<String, String> allow(Map<String, String> request, Map<String, List<String>> chosen) {
    Response page = open(request);
    assertEquals(200, page.statusCode(), page.asString());
    Map<String, List<String>> all = new HashMap<>(chosen);
    all.put("decision", List.of("allow"));
    return answered(send(hidden(page), all));
  }

  /** The parameters of the address that an answer leads to. */
  public static Map<String, String> answered(Response answer) {
    assertEquals(303, answer.statusCode(), answer.asString());
    URI to = URI.create(answer.header("Location"));
    assertTrue(to.toString().startsWith(CALLBACK) || to.toString().startsWith("http://127"));
    return parameters(to);
  }

  /** The parameters in the query of an address. */
  static Map<String, String> parameters(URI address) {
    Map<String, String> parameters = new HashMap<>();
    for (String parameter : address.getRawQuery().split("&", -1)) {
      String[] parts = parameter.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  /** Exchanges a code. */
  public static Response exchange(String client, @Nullable String code, Map<String, String> more) {
    Map<String, String> form = new HashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", client);
    form.put("code", code);
    form.put("redirect_uri", CALLBACK);
    form.put("code_verifier", VERIFIER);
    form.putAll(more);
    return token(form);
  }

  /** Exchanges a refresh token. */
  public static Response refresh(String client, String token, Map<String, String> more) {
    Map<String, String> form = new HashMap<>(more);
    form.put("grant_type", "refresh_token");
    form.put("client_id", client);
    form.put("refresh_token", token);
    return token(form);
  }

  static Response token(Map<String, String> form) {
    RequestSpecification request =
        given().contentType("application/x-www-form-urlencoded; charset=UTF-8");
    form.forEach(request::formParam);
    return request.post("/oauth/token");
  }

  /** The tokens of an answer that has some. */
  public static Tokens tokens(Response answer) {
    JsonPath body =
        answer.then().statusCode(200).header("Cache-Control", "no-store").extract().jsonPath();
    return new Tokens(body.getString("access_token"), body.getString("refresh_token"), body);
  }

  /** All of it: what a client has in the end. */
  public Tokens connect(String client) {
    return connect(client, List.of("read", "run"));
  }

  /** The same with these scopes. */
  public Tokens connect(String client, List<String> scopes) {
    Map<String, String> request = request(client);
    request.put("scope", String.join(" ", scopes));
    return tokens(exchange(client, allow(request, scopes).get("code"), Map.of()));
  }

  /** Revokes a token. */
  public static Response revoke(String client, String token) {
    return given()
        .contentType("application/x-www-form-urlencoded; charset=UTF-8")
        .formParam("client_id", client)
        .formParam("token", token)
        .post("/oauth/revoke");
  }

  /** The status of a request to an MCP endpoint; 401 where the token is not taken. */
  static Response mcp(String path, String token) {
    return given().urlEncodingEnabled(false).header("Authorization", "Bearer " + token).get(path);
  }

  static void error(Response answer, int status, String error) {
    assertEquals(status, answer.statusCode(), answer.asString());
    assertEquals(error, answer.jsonPath().getString("error"), answer.asString());
    assertTrue(answer.jsonPath().getString("error_description").length() > 10);
  }
}
