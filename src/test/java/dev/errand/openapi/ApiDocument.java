package dev.errand.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The OpenAPI document that a running service serves.
 *
 * @param root the document
 */
public record ApiDocument(JsonNode root) {
  /** The document that is kept for readers. */
  static final Path APPROVED = Path.of("src", "docs", "openapi.yaml");

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * An operation.
   *
   * @param method the HTTP method, in capitals
   * @param path the template of the path
   * @param node what the document says of it
   */
  public record Operation(String method, String path, JsonNode node) {
    /** Its id. */
    public String id() {
      return node.path("operationId").asText();
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** Reads it from the service under test. */
  public static ApiDocument served() {
    String text =
        RestAssured.given()
            .get("/q/openapi?format=JSON")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    try {
      return new ApiDocument(JSON.readTree(text));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads the approved one, which {@link ApiDocumentTest} compares with what is served. */
  public static ApiDocument approved() {
    try {
      return new ApiDocument(new YAMLMapper().readTree(APPROVED.toFile()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All operations. */
  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(
            new Operation(
                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
      }
    }
    return operations;
  }

  /** The operation of that id. */
  Operation operation(String id) {
    return operations().stream()
        .filter(operation -> operation.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("The document has no operation " + id));
  }

  /** The node, or what it refers to. */
  public JsonNode resolved(JsonNode node) {
    JsonNode at = node;
    while (at.has("$ref")) {
      at = root.at(at.path("$ref").asText().substring(1));
    }
    return at;
  }

  /** The names of an operation's parameters of one kind, such as {@code query}. */
  public List<String> parameters(Operation operation, String in) {
    return stream(operation.node().path("parameters"))
        .map(this::resolved)
        .filter(parameter -> parameter.path("in").asText().equals(in))
        .map(parameter -> parameter.path("name").asText())
        .toList();
  }

  /** What the document says of an operation's answers of that status; missing where nothing. */
  public JsonNode response(Operation operation, int status) {
    return resolved(operation.node().path("responses").path(String.valueOf(status)));
  }

  /** The description of an operation's request body. */
  JsonNode requestBody(Operation operation) {
    return operation.node().path("requestBody");
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
