package dev.errand.support;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;

/**
 * A client of the Model Context Protocol, of the stateless revision unless it says otherwise.
 *
 * @param credential what it authenticates by
 * @param path the endpoint
 * @param capabilities what it can do
 */
public record Chat(String credential, String path, Map<String, ?> capabilities) {
  /** The stateless revision. */
  public static final String STATELESS = "2026-07-28";

  private static final String META = "io.modelcontextprotocol/";

  /** A client of the tests' user. */
  public static Chat ofTests() {
    return new Chat(Api.SESSION, "/mcp", Map.of());
  }

  /** The same with another credential. */
  public Chat by(String other) {
    return new Chat(other, path, capabilities);
  }

  /** The same at another address. */
  public Chat at(String other) {
    return new Chat(credential, other, capabilities);
  }

  /** The same, which takes tasks for answers. */
  public Chat withTasks() {
    return new Chat(credential, path, Map.of("extensions", Map.of(META + "tasks", Map.of())));
  }

  /** What stands in the metadata of each request. */
  public Map<String, Object> meta() {
    Map<String, Object> meta = new HashMap<>();
    meta.put(META + "protocolVersion", STATELESS);
    meta.put(META + "clientInfo", Map.of("name", "a test", "version", "1.2"));
    meta.put(META + "clientCapabilities", capabilities);
    return meta;
  }

  /** A request that is not sent yet, with the header fields that go with it. */
  public RequestSpecification request(String method, Map<String, ?> params) {
    return request(method, params, meta());
  }

  /** The same with metadata of its own. */
  public RequestSpecification request(
      String method, Map<String, ?> params, Map<String, Object> meta) {
    Map<String, Object> all = new HashMap<>(params);
    all.put("_meta", meta);
    RequestSpecification request =
        given()
            .contentType(ContentType.JSON)
            .accept("application/json, text/event-stream")
            .header("Authorization", "Bearer " + credential)
            .header("MCP-Protocol-Version", STATELESS)
            .header("Mcp-Method", method)
            .body(Map.of("jsonrpc", "2.0", "id", 7, "method", method, "params", all));
    Object name = params.containsKey("taskId") ? params.get("taskId") : params.get("name");
    return name == null ? request : request.header("Mcp-Name", name);
  }

  /** Sends a request. */
  public Response send(String method, Map<String, ?> params) {
    return request(method, params).post(path);
  }

  /** The result of a request. */
  public JsonPath result(String method, Map<String, ?> params) {
    JsonPath answer = send(method, params).then().statusCode(200).extract().jsonPath();
    if (answer.get("error") != null) {
      throw new AssertionError(answer.prettify());
    }
    return answer.setRootPath("result");
  }

  /** Calls a tool. */
  public JsonPath call(String tool, Map<String, ?> arguments) {
    return result("tools/call", Map.of("name", tool, "arguments", arguments));
  }
}
