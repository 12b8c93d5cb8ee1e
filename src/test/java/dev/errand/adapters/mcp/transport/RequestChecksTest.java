package dev.errand.adapters.mcp.transport;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.errand.support.Chat;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** "Server Validation" of the Streamable HTTP transport, revision 2026-07-28. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RequestChecksTest {
  private static final int MISMATCH = -32020;
  private static final Map<String, Object> CALL =
      Map.of("name", "list_tasks", "arguments", Map.of());

  private final Chat chat = Chat.ofTests();

  private static void refused(RequestSpecification request, int code) {
    request.post("/mcp").then().statusCode(400).body("error.code", equalTo(code));
  }

  private RequestSpecification without(String header) {
    FilterableRequestSpecification request =
        (FilterableRequestSpecification) chat.request("tools/call", CALL);
    request.removeHeader(header);
    return request;
  }

  private RequestSpecification with(String header, String value) {
    return without(header).header(header, value);
  }

  @Test
  void eachHeaderFieldMustBeThereAndEqualTheBody() {
    refused(without("MCP-Protocol-Version"), MISMATCH);
    refused(without("Mcp-Method"), MISMATCH);
    refused(without("Mcp-Name"), MISMATCH);
    refused(with("Mcp-Method", "tools/list"), MISMATCH);
    refused(with("Mcp-Method", "TOOLS/CALL"), MISMATCH);
    refused(with("Mcp-Name", "list_runs"), MISMATCH);
    refused(with("Mcp-Name", "=?base64?%%%?="), MISMATCH);
    refused(with("MCP-Protocol-Version", "2025-11-25"), MISMATCH);
    String encoded =
        "=?base64?"
            + Base64.getEncoder().encodeToString("list_tasks".getBytes(StandardCharsets.UTF_8))
            + "?=";
    with("Mcp-Name", encoded).post("/mcp").then().statusCode(200);
  }

  @Test
  void theMetadataMustBeThere() {
    for (String key : List.of("protocolVersion", "clientCapabilities")) {
      Map<String, Object> meta = new HashMap<>(chat.meta());
      meta.remove("io.modelcontextprotocol/" + key);
      refused(chat.request("tools/list", Map.of(), meta), -32602);
    }
  }

  @Test
  void anUnknownVersionGetsTheKnownOnes() {
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("io.modelcontextprotocol/protocolVersion", "1900-01-01");
    FilterableRequestSpecification request =
        (FilterableRequestSpecification) chat.request("tools/list", Map.of(), meta);
    request.removeHeader("MCP-Protocol-Version");
    request
        .header("MCP-Protocol-Version", "1900-01-01")
        .post("/mcp")
        .then()
        .statusCode(400)
        .body("error.code", equalTo(-32022))
        .body("error.data.requested", equalTo("1900-01-01"))
        .body("error.data.supported", hasItem("2026-07-28"));
  }

  @Test
  void anUnknownMethodIs404WithABodyThatSaysSo() {
    chat.send("resources/list", Map.of())
        .then()
        .statusCode(404)
        .body("error.code", equalTo(-32601))
        .body("error.message", equalTo("This server does not offer the method resources/list."))
        .body("id", equalTo(7));
    chat.send("initialize", Map.of()).then().statusCode(404);
    // Of a draft of the extension.
    chat.send("tasks/result", Map.of()).then().statusCode(404);
  }

  @Test
  void invalidRequestsAreRefused() {
    for (String body : List.of("", "{", "[]", "7", "{}", "{\"jsonrpc\": \"2.0\"}")) {
      without("MCP-Protocol-Version")
          .body(body)
          .post("/mcp")
          .then()
          .statusCode(400)
          .body("jsonrpc", equalTo("2.0"))
          .body("id", nullValue());
    }
    refused(
        chat.request("tools/list", Map.of())
            .body("{\"jsonrpc\": \"2.0\", \"id\": null, \"method\": \"tools/list\"}"),
        -32600);
  }

  // Readers take one or the other, so nobody knows which request it is.
  @Test
  void aMessageThatHasANameTwiceIsNoRequest() {
    for (String body :
        List.of(
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"id\": 2, \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": {\"a\": [{\"b\": 1, \"b\": 2}]}}")) {
      with("MCP-Protocol-Version", "2025-11-25")
          .body(body)
          .post("/mcp")
          .then()
          .statusCode(400)
          .body("error.code", equalTo(-32700))
          .body("id", nullValue());
    }
  }

  @Test
  void aPageOfAnotherOriginIsRefused() {
    for (String origin : List.of("http://evil.example.com", "null", "https://localhost.evil.com")) {
      chat.request("tools/list", Map.of())
          .header("Origin", origin)
          .post("/mcp")
          .then()
          .statusCode(403);
    }
    chat.request("tools/list", Map.of())
        .header("Origin", "http://localhost:8081")
        .post("/mcp")
        .then()
        .statusCode(200);
  }
}
