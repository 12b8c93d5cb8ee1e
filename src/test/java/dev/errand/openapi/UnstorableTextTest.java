package dev.errand.openapi;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.openapi.ApiDocument.Operation;
import dev.errand.support.Api;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * No text of a request makes the service fail: each documented field, key of a map and item of a
 * list is sent with the character NUL, which the database can't hold.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UnstorableTextTest {
  private static final String NAME = "unstorable";
  private static final JsonNode NUL = TextNode.valueOf("a\0b");
  private static final JsonNode CONDITION = TextNode.valueOf("'a\0b' != ''");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEEPEST = 8;

  /** What a request makes first is what those that follow need. */
  private static final List<String> FIRST =
      List.of(
          "putOAuthClient",
          "putChannel",
          "putNotice",
          "putProvider",
          "putProfileProvider",
          "putTask",
          "putRun",
          "putSchedule",
          "runSchedule",
          "putTrigger",
          "install",
          "createProfile");

  /** What refuses the example here: it lacks something that only other requests make. */
  private static final Set<String> REFUSED =
      Set.of(
          "acceptInstallation",
          "acceptInvitation",
          "decideApproval",
          "postEvent",
          "postToStream",
          "putMember",
          "putPassword",
          "signIn");

  private final ApiDocument document = ApiDocument.approved();
  private final ScriptedMcp server = new ScriptedMcp().tools(ScriptedMcp.tool("a", "First"));

  @AfterEach
  void tidyUp() {
    for (String made :
        List.of(
            "/api/profiles/~/default/budgets/" + NAME,
            "/api/users/~/budgets/" + NAME,
            "/api/profiles/~/default/notices/" + NAME,
            "/api/profiles/~/default/channels/" + NAME,
            Api.TASKS + "/" + NAME + "?force=true",
            "/api/profiles/~/default/installations/" + NAME,
            "/api/profiles/~/default/providers/" + NAME,
            "/api/users/~/providers/" + NAME,
            "/api/oauth/clients/" + NAME,
            "/api/profiles/~/" + NAME,
            "/api/users/" + NAME)) {
      api().delete(made);
    }
    server.close();
  }

  @Test
  void noRequestWithNulIsAnsweredByAnErrorOfTheService() {
    List<String> failed = new ArrayList<>();
    Set<String> refused = new TreeSet<>();
    for (Operation operation : inOrder()) {
      JsonNode media = json(operation);
      JsonNode example = example(operation, media);
      List<JsonNode> bodies = withNul(media.path("schema"), example, 0);
      if (bodies.isEmpty()) {
        continue;
      }
      if (send(operation, example).statusCode() >= 300) {
        refused.add(operation.id());
      }
      for (JsonNode body : bodies) {
        Response answer = send(operation, body);
        if (answer.statusCode() >= 500) {
          failed.add(operation + " " + body + " " + answer.asString());
        }
      }
      if (operation.method().equals("PUT")) {
        send(operation, example);
      }
    }
    assertEquals(List.of(), failed, () -> String.join("\n", failed));
    assertEquals(REFUSED, refused);
  }

  /** The JSON that an operation takes; missing where it takes none. */
  private JsonNode json(Operation operation) {
    JsonNode json = NODES.missingNode();
    for (Map.Entry<String, JsonNode> media :
        document.requestBody(operation).path("content").properties()) {
      if (media.getKey().endsWith("json")
          && (!json.has("example") || media.getValue().has("example"))) {
        json = media.getValue();
      }
    }
    return json;
  }

  private JsonNode example(Operation operation, JsonNode media) {
    return switch (operation.id()) {
      case "install", "putInstallation" ->
          NODES
              .objectNode()
              .put("name", NAME)
              .set("mcp", NODES.objectNode().put("url", server.url()));
      case "patchInstallation", "callTool" -> NODES.objectNode();
      default -> media.path("example").isObject() ? media.path("example") : NODES.objectNode();
    };
  }

  private List<Operation> inOrder() {
    List<Operation> operations = new ArrayList<>();
    FIRST.forEach(id -> operations.add(document.operation(id)));
    document.operations().stream()
        .filter(operation -> !FIRST.contains(operation.id()))
        .forEach(operations::add);
    return operations;
  }

  private Response send(Operation operation, JsonNode body) {
    boolean isOfAnother = operation.path().equals("/api/profiles/{user}/{profile}");
    String path =
        operation
            .path()
            .replace("{user}", "~")
            .replace("{profile}", isOfAnother ? NAME : "default")
            .replace("{tool}", "a")
            .replaceAll("\\{[a-z]+}", NAME);
    String text = body.toString().replace("\"team\"", "\"" + NAME + "\"");
    return api().body(text).redirects().follow(false).request(operation.method(), path);
  }

  /** Values of a schema, made from an example, each of which has NUL at one place. */
  private List<JsonNode> withNul(JsonNode reference, JsonNode example, int depth) {
    JsonNode schema = document.resolved(reference);
    List<JsonNode> all = new ArrayList<>();
    for (String choice : List.of("allOf", "oneOf", "anyOf")) {
      schema.path(choice).forEach(each -> all.addAll(withNul(each, example, depth)));
    }
    if (depth > DEEPEST) {
      return all;
    }
    if (is(schema, "string")) {
      all.add(NUL);
      if (example.isTextual()) {
        all.add(TextNode.valueOf(example.textValue() + "\0"));
      }
    }
    ObjectNode object = example instanceof ObjectNode given ? given : NODES.objectNode();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode before = object.path(property.getKey());
      List<JsonNode> values = withNul(property.getValue(), before, depth + 1);
      if (property.getKey().equals("when")) {
        values.add(CONDITION);
      }
      values.forEach(value -> all.add(object.deepCopy().<ObjectNode>set(property.getKey(), value)));
    }
    JsonNode others = schema.path("additionalProperties");
    if (others.isObject()) {
      all.add(object.deepCopy().<ObjectNode>set(NUL.textValue(), sample(others)));
      withNul(others, NODES.missingNode(), depth + 1)
          .forEach(value -> all.add(object.deepCopy().<ObjectNode>set("a", value)));
    } else if (is(schema, "object") && !schema.has("properties")) {
      all.add(object.deepCopy().put(NUL.textValue(), 1));
      all.add(object.deepCopy().<ObjectNode>set("a", NUL));
    }
    if (schema.has("items")) {
      JsonNode first = example.path(0);
      withNul(schema.path("items"), first, depth + 1)
          .forEach(item -> all.add(NODES.arrayNode().add(item)));
    }
    return all;
  }

  /** A value of a schema. */
  private JsonNode sample(JsonNode reference) {
    JsonNode schema = document.resolved(reference);
    for (String choice : List.of("allOf", "oneOf", "anyOf")) {
      if (schema.has(choice)) {
        return sample(schema.path(choice).path(0));
      }
    }
    if (schema.has("enum")) {
      return schema.path("enum").path(0);
    }
    if (is(schema, "string")) {
      return TextNode.valueOf("a");
    }
    return is(schema, "object") ? NODES.objectNode() : NODES.numberNode(1);
  }

  private static boolean is(JsonNode schema, String type) {
    JsonNode types = schema.path("type");
    return types instanceof ArrayNode several
        ? ApiDocument.stream(several).anyMatch(each -> each.asText().equals(type))
        : types.asText().equals(type);
  }
}
