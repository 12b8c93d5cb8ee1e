package dev.errand.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.openapi.ApiDocument.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import javax.lang.model.SourceVersion;
import org.junit.jupiter.api.Test;

/**
 * Holds the API's document to what generators of clients can take. {@code -Pclients} generates some
 * and uses them; these are the rules that were learned so.
 */
class ClientGenerationTest {
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final Path SHOWN = Path.of("src", "test", "resources", "entries", "shown.txt");

  /** The kinds of entries by the field that no other kind has. */
  private static final Map<String, String> KINDS =
      Map.of(
          "exchange", "MessageEntry CallResultEntry",
          "lastMessage", "FinalMessageEntry",
          "params", "CallRequestEntry",
          "approval", "ApprovalDecidedEntry ApprovalRequestedEntry",
          "error", "FailureEntry");

  private final ApiDocument document = ApiDocument.approved();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void eachOperationHasANameADescriptionAndASuccess() {
    Set<String> names = new HashSet<>();
    for (Operation operation : document.operations()) {
      String name = operation.id();
      check(SourceVersion.isName(name) && names.add(name), operation, "no name of its own");
      check(operation.node().hasNonNull("summary"), operation, "no summary");
      check(operation.node().hasNonNull("description"), operation, "no description");
      check(
          operation.node().path("responses").properties().stream()
              .anyMatch(response -> response.getKey().compareTo("400") < 0),
          operation,
          "no success");
    }
    assertNothingIsWrong();
  }

  @Test
  void itNamesTheServersAndItsOwnVersion() {
    assertEquals("/", document.root().at("/servers/0/url").asText());
    String version = document.root().at("/info/version").asText();
    for (Operation operation : document.operations()) {
      for (JsonNode shown : operation.node().findValues("version")) {
        boolean isOther =
            shown.asText().matches("\\d+\\.\\d+\\.\\d+") && !shown.asText().equals(version);
        check(!isOther, operation, "an example of version " + shown.asText());
      }
    }
    assertNothingIsWrong();
  }

  // A field with a default is required for openapi-typescript, and the Java generator sends it.
  @Test
  void noFieldHasADefault() {
    schemas((where, schema) -> check(!schema.has("default"), where, "a default: say it in words"));
    assertNothingIsWrong();
  }

  // The Java generator writes `List<String>.class` and `Map<String, X>.class`, or leaves them out.
  @Test
  void noUnionHasAListOrAMap() {
    schemas(
        (where, schema) -> {
          JsonNode types = schema.path("type");
          check(
              (types.size() < 3 && (types.size() < 2 || types.toString().contains("null")))
                  || !types.toString().matches(".*(object|array).*"),
              where,
              "a list of types with a list or an object: use anyOf");
          for (String union : List.of("oneOf", "anyOf")) {
            boolean isUnion = members(schema.path(union)).size() > 1;
            for (JsonNode member : schema.path(union)) {
              JsonNode meant = document.resolved(member);
              String type = meant.path("type").asText();
              check(
                  !isUnion
                      || (!type.equals("array")
                          && (!type.equals("object") || meant.has("properties"))),
                  where,
                  "a union with a list or a map");
              check(
                  !type.isEmpty()
                      || meant.has("oneOf")
                      || meant.has("anyOf")
                      || meant.has("description"),
                  where,
                  "a member of a union without type or description, which is taken for null");
            }
          }
        });
    assertNothingIsWrong();
  }

  // Java's class of an inline schema would overwrite the component's, or the other way round.
  @Test
  void noInlineSchemaGetsTheNameOfAComponent() {
    schemas(
        (where, schema) ->
            check(
                !where.contains(".")
                    || !becomesAClass(schema)
                    || schema(generatedName(where)).isMissingNode(),
                where,
                "an inline schema that generators name as the component " + generatedName(where)));
    assertNothingIsWrong();
  }

  // Of a union with null, generators take the other member alone.
  private boolean becomesAClass(JsonNode schema) {
    return schema.has("properties")
        || schema.has("allOf")
        || members(schema.path("oneOf")).size() > 1
        || members(schema.path("anyOf")).size() > 1;
  }

  /** The class of an inline schema: {@code RunErrorCode} for {@code RunError.code}. */
  private static String generatedName(String where) {
    StringBuilder name = new StringBuilder();
    for (String word : where.replace("[]", "_inner").split("[._]+", -1)) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.toString();
  }

  private List<JsonNode> members(JsonNode union) {
    return ApiDocument.stream(union)
        .filter(member -> !member.path("type").asText().equals("null"))
        .toList();
  }

  // An object without either is an empty one for openapi-typescript.
  @Test
  void eachObjectNamesItsFieldsOrTakesAny() {
    schemas(
        (where, schema) ->
            check(
                !schema.path("type").toString().contains("object")
                    || schema.has("properties")
                    || schema.has("additionalProperties"),
                where,
                "an object without fields"));
    assertNothingIsWrong();
  }

  // The Java generator sends null for it, unless somebody sets it.
  @Test
  void noFieldOfARequestTakesAnything() {
    Map<String, JsonNode> sent = new HashMap<>();
    for (Operation operation : document.operations()) {
      document
          .requestBody(operation)
          .path("content")
          .properties()
          .forEach(media -> sent(operation.toString(), media.getValue().path("schema"), sent));
    }
    sent.forEach(
        (where, schema) ->
            check(
                !where.contains(".")
                    || List.of("type", "oneOf", "anyOf").stream().anyMatch(schema::has),
                where,
                "no type"));
    assertNothingIsWrong();
  }

  private void sent(String where, JsonNode given, Map<String, JsonNode> found) {
    String name = given.path("$ref").asText(where).replaceFirst(".*/schemas/", "");
    JsonNode schema = document.resolved(given);
    if (found.put(name, schema) == null) {
      schema
          .path("properties")
          .properties()
          .forEach(field -> sent(name + "." + field.getKey(), field.getValue(), found));
      for (String union : List.of("oneOf", "anyOf")) {
        for (int i = 0; i < schema.path(union).size(); i++) {
          sent(name + "|" + i, schema.path(union).get(i), found);
        }
      }
    }
  }

  @Test
  void patchesAreTyped() {
    int patches = 0;
    for (Operation operation : document.operations()) {
      JsonNode merge = document.requestBody(operation).path("content").path(MERGE_PATCH);
      if (!merge.isMissingNode()) {
        patches++;
        patched(operation, merge.path("schema"), wanted(operation));
      }
    }
    assertNothingIsWrong();
    assertTrue(patches > 2, "Patches were not found.");
  }

  /** What the patched thing is made by: the request of the same address. */
  private JsonNode wanted(Operation patch) {
    return document.operations().stream()
        .filter(one -> one.path().equals(patch.path()))
        .filter(one -> one.method().equals("PUT") || one.method().equals("POST"))
        .map(one -> document.requestBody(one).at("/content/application~1json/schema"))
        .findFirst()
        .orElseThrow();
  }

  private void patched(Object where, JsonNode patch, JsonNode request) {
    JsonNode fields = ownFields(patch);
    JsonNode wanted = ownFields(request);
    Set<String> names = names(wanted);
    check(names.equals(names(fields)), where, "not the fields " + names + ": " + names(fields));
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String there = where + " " + field.getKey();
      check(
          isNullable(field.getValue()) || NEVER_REMOVED.contains(field.getKey()),
          there,
          "no null, which makes it the default");
      JsonNode same = wanted.path(field.getKey());
      // What is replaced as a whole has the schema of the request.
      if (!ownFields(same).isMissingNode()
          && !ownFields(same).equals(ownFields(field.getValue()))) {
        patched(there, field.getValue(), same);
      }
    }
  }

  /** The fields of an object, or of the one object of a union. */
  private JsonNode ownFields(JsonNode given) {
    JsonNode schema = document.resolved(given);
    for (String union : List.of("oneOf", "anyOf")) {
      List<JsonNode> members = members(schema.path(union));
      if (members.size() == 1) {
        return ownFields(members.getFirst());
      }
    }
    return schema.path("properties");
  }

  private static final Set<String> NEVER_REMOVED = Set.of("name", "prompt", "key");

  private boolean isNullable(JsonNode given) {
    JsonNode schema = document.resolved(given);
    if (schema.path("type").toString().contains("\"null\"")) {
      return true;
    }
    return List.of("oneOf", "anyOf").stream()
        .flatMap(union -> ApiDocument.stream(schema.path(union)))
        .anyMatch(this::isNullable);
  }

  @Test
  void entriesAreToldApart() throws IOException {
    List<String> kinds = new ArrayList<>();
    for (JsonNode kind : document.root().at("/components/schemas/Entry/anyOf")) {
      kinds.add(kind.path("$ref").asText().replaceFirst(".*/", ""));
    }
    assertFalse(kinds.isEmpty(), "Entry has no kinds.");
    // Java's client tries the kinds in this order, and takes the first whose types fit.
    assertEquals(kinds.stream().sorted().toList(), kinds);
    String any = kinds.getLast();
    Set<String> fixed = new HashSet<>();
    for (String kind : kinds) {
      JsonNode msg = schema(kind).at("/properties/msg/enum");
      check(
          kind.equals(any) ? msg.isMissingNode() : msg.size() == 1 && fixed.add(msg.toString()),
          kind,
          "no `msg` of its own");
    }
    ObjectMapper json = new ObjectMapper();
    SchemaCheck check = new SchemaCheck(document);
    for (String line : Files.readAllLines(SHOWN)) {
      JsonNode entry = json.readTree(line);
      String expected =
          KINDS.entrySet().stream()
              .filter(kind -> entry.has(kind.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse("RetryEntry " + any);
      String first =
          kinds.stream()
              .filter(kind -> check.problems(schema(kind), entry).isEmpty())
              .findFirst()
              .orElse("none: " + check.problems(schema(expected.split(" ", -1)[0]), entry));
      check(List.of(expected.split(" ", -1)).contains(first), line, "the kind " + first);
    }
    assertNothingIsWrong();
  }

  private JsonNode schema(String name) {
    return document.root().path("components").path("schemas").path(name);
  }

  /** Each schema of a body and each that such a schema has or names, once. */
  private void schemas(BiConsumer<String, JsonNode> visit) {
    Map<String, JsonNode> found = new HashMap<>();
    document
        .root()
        .at("/components/schemas")
        .properties()
        .forEach(e -> collect(e.getKey(), e.getValue(), found));
    for (Operation operation : document.operations()) {
      List<JsonNode> contents = new ArrayList<>();
      contents.add(document.requestBody(operation).path("content"));
      operation
          .node()
          .path("responses")
          .forEach(one -> contents.add(document.resolved(one).path("content")));
      for (JsonNode content : contents) {
        content.forEach(media -> collect(operation.toString(), media.path("schema"), found));
      }
    }
    assertTrue(found.size() > 500, "Only " + found.size() + " schemas were found.");
    found.forEach(visit);
  }

  private static void collect(String where, JsonNode schema, Map<String, JsonNode> found) {
    found.put(where, schema);
    schema
        .path("properties")
        .properties()
        .forEach(e -> collect(where + "." + e.getKey(), e.getValue(), found));
    for (String one : List.of("items", "additionalProperties")) {
      if (schema.path(one).isObject()) {
        collect(where + "[]", schema.path(one), found);
      }
    }
    for (String union : List.of("oneOf", "anyOf", "allOf")) {
      for (int i = 0; i < schema.path(union).size(); i++) {
        collect(where + "|" + i, schema.path(union).get(i), found);
      }
    }
  }

  private static Set<String> names(JsonNode fields) {
    Set<String> names = new TreeSet<>();
    fields.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private void check(boolean isRight, Object where, String what) {
    if (!isRight) {
      wrong.add(where + " has " + what);
    }
  }

  private void assertNothingIsWrong() {
    assertEquals(List.of(), wrong);
  }
}
