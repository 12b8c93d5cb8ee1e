package dev.errand.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Json;
import dev.errand.models.port.Runners;
import dev.errand.models.port.SettingsByRunner;
import dev.errand.openapi.ApiDocument.Operation;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.task.ApprovalExpiry;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the API's document against the code: nothing of the API is missing in it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApiDocumentTest {
  private static final String RENEW = "./mvnw test -Dtest=ApiDocumentTest -Dopenapi.renew";
  private static final Pattern CODE = Pattern.compile("`([a-z_]+)`");

  /** Errors that any operation may answer; the document names them once, at its head. */
  private static final Set<ErrorCode> ANYWHERE =
      Set.of(
          ErrorCode.METHOD_NOT_ALLOWED,
          ErrorCode.NOT_ACCEPTABLE,
          ErrorCode.REQUEST_TIMEOUT,
          ErrorCode.ADDRESS_TOO_LONG,
          ErrorCode.HEADERS_TOO_LARGE,
          ErrorCode.INTERNAL);

  /** Errors that only an operation answers which the document leaves out. */
  private static final Set<ErrorCode> HIDDEN = Set.of(ErrorCode.NO_OAUTH);

  /** Where the document says what happens to an approval that nobody decides about. */
  private static final List<String> EXPIRIES =
      List.of(
          "TaskBounds.approval_expiry",
          "TaskSettings.approval_expiry",
          "TaskSettingsPatch.approval_expiry",
          "TaskSettingsRequest.approval_expiry");

  @Inject ObjectMapper json;
  @Inject Json helper;
  @Inject Runners runners;

  private ApiDocument document;

  @BeforeEach
  void read() {
    document = ApiDocument.served();
  }

  @Test
  void theApprovedDocumentIsWhatTheServiceServes() throws IOException {
    String served = yaml(document.root());
    if (System.getProperty("openapi.renew") != null) {
      Files.writeString(ApiDocument.APPROVED, served);
    }
    assertEquals(
        Files.exists(ApiDocument.APPROVED) ? Files.readString(ApiDocument.APPROVED) : "",
        served,
        ApiDocument.APPROVED
            + " is not what /q/openapi serves. Renew it, and read what changed: "
            + RENEW);
  }

  @Test
  void shortFormsOfItsFilesAreWrittenOutAndReferencesLeadSomewhere() {
    List<String> wrong = new ArrayList<>();
    collectShortForms(document.root(), wrong);
    document.root().findValuesAsText("$ref").stream()
        .filter(reference -> document.root().at(reference.substring(1)).isMissingNode())
        .forEach(wrong::add);
    assertEquals(List.of(), wrong);
  }

  private static void collectShortForms(JsonNode node, List<String> found) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getKey().startsWith("x-")) {
        found.add(field.toString());
      }
      if (!field.getKey().equals("example")) {
        collectShortForms(field.getValue(), found);
      }
    }
    if (node.isArray()) {
      node.forEach(item -> collectShortForms(item, found));
    }
  }

  @Test
  void everyRouteIsDocumentedAndNoOther() {
    assertEquals(
        new TreeSet<>(Routes.ALL.stream().map(Routes.Route::toString).toList()),
        new TreeSet<>(document.operations().stream().map(Operation::toString).toList()));
  }

  @Test
  void everyParameterIsDocumentedAndNoOther() {
    for (Routes.Route route : Routes.ALL) {
      Operation operation = operation(route);
      assertEquals(
          new TreeSet<>(route.parameters("path")),
          new TreeSet<>(document.parameters(operation, "path")),
          () -> "path parameters of " + route);
      assertEquals(
          new TreeSet<>(route.parameters("query")),
          new TreeSet<>(document.parameters(operation, "query")),
          () -> "query parameters of " + route);
      assertTrue(
          document.parameters(operation, "header").containsAll(route.parameters("header")),
          () -> "header fields of " + route);
    }
  }

  @Test
  void everyFieldOfARequestIsDocumentedAndNoOther() {
    int bodies = 0;
    for (Routes.Route route : Routes.ALL) {
      Class<?> body = route.body();
      if (body == null || !isOurs(body)) {
        continue;
      }
      bodies++;
      JsonNode content = document.requestBody(operation(route)).path("content");
      checkFields(body, content.path("application/json").path("schema"), route.toString());
    }
    assertTrue(bodies > 5, "Requests with bodies were not found.");
  }

  private void checkFields(Class<?> type, JsonNode given, String where) {
    JsonNode schema = document.resolved(given);
    Map<String, Class<?>> fields =
        json
            .getDeserializationConfig()
            .introspect(json.constructType(type))
            .findProperties()
            .stream()
            .filter(BeanPropertyDefinition::couldDeserialize)
            .filter(field -> helper.fieldsOf(type).contains(field.getName()))
            .collect(
                Collectors.toMap(
                    BeanPropertyDefinition::getName, BeanPropertyDefinition::getRawPrimaryType));
    if (SettingsByRunner.class.isAssignableFrom(type)) {
      runners.ports().forEach(port -> fields.put(port.runner(), port.settings()));
    }
    assertEquals(fields.keySet(), names(schema.path("properties")), where);
    fields.forEach(
        (name, field) -> {
          if (isOurs(field)) {
            checkFields(field, schema.path("properties").path(name), where + " " + name);
          }
        });
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("dev.errand.") && !type.isEnum();
  }

  @Test
  void everyErrorCodeIsDocumentedWithItsStatusAndNoOther() {
    Map<String, Integer> statuses =
        Arrays.stream(ErrorCode.values())
            .collect(Collectors.toMap(ErrorCode::code, ErrorCode::status));
    Set<String> named = new TreeSet<>();
    for (Operation operation : document.operations()) {
      for (Map.Entry<String, JsonNode> response : operation.node().path("responses").properties()) {
        if (response.getKey().compareTo("400") >= 0) {
          for (String code : codes(document.resolved(response.getValue()))) {
            assertEquals(
                statuses.get(code),
                Integer.valueOf(response.getKey()),
                () -> code + " of " + operation);
            named.add(code);
          }
        }
      }
    }
    ANYWHERE.forEach(code -> named.add(code.code()));
    HIDDEN.forEach(code -> named.add(code.code()));
    assertEquals(new TreeSet<>(statuses.keySet()), named);
  }

  @Test
  void tasksHaveTheExpiriesOfApprovals() {
    for (String place : EXPIRIES) {
      assertEquals(Coded.codeList(ApprovalExpiry.class), documented(place), place);
    }
  }

  @Test
  void everyRunnerIsDocumentedAndNoOther() {
    assertEquals(runners.names(), documented("Runner"));
  }

  /** The values of an enum of the document, without null, which makes a field the default. */
  private List<String> documented(String place) {
    JsonNode at = document.root().path("components").path("schemas");
    for (String step : place.split("[.]", -1)) {
      at = at.has("properties") ? at.path("properties").path(step) : at.path(step);
    }
    return ApiDocument.stream(at.path("enum"))
        .filter(value -> !value.isNull())
        .map(JsonNode::asText)
        .toList();
  }

  @Test
  void everyKindOfCauseCanBeSearchedForAndNoOther() {
    Operation search =
        document.operations().stream()
            .filter(operation -> document.parameters(operation, "query").contains("cause"))
            .findFirst()
            .orElseThrow();
    JsonNode kinds =
        ApiDocument.stream(search.node().path("parameters"))
            .map(document::resolved)
            .filter(parameter -> parameter.path("name").asText().equals("cause"))
            .findFirst()
            .orElseThrow()
            .at("/schema/enum");
    assertEquals(RunCause.Kind.codes(), ApiDocument.stream(kinds).map(JsonNode::asText).toList());
  }

  @Test
  void everyExampleFitsItsSchema() {
    SchemaCheck check = new SchemaCheck(document);
    List<String> wrong = new ArrayList<>();
    int examples = 0;
    for (Operation operation : document.operations()) {
      List<JsonNode> contents = new ArrayList<>();
      contents.add(document.requestBody(operation).path("content"));
      operation
          .node()
          .path("responses")
          .forEach(response -> contents.add(document.resolved(response).path("content")));
      for (JsonNode content : contents) {
        for (JsonNode media : content) {
          if (media.has("example")) {
            examples++;
            check
                .problems(media.path("schema"), media.path("example"))
                .forEach(problem -> wrong.add(operation + ": " + problem));
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(examples > 40, "Only " + examples + " examples were found.");
  }

  private Operation operation(Routes.Route route) {
    return document.operations().stream()
        .filter(operation -> operation.toString().equals(route.toString()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(route + " is not documented."));
  }

  static Set<String> codes(JsonNode response) {
    Matcher matcher = CODE.matcher(response.path("description").asText());
    return matcher.results().map(result -> result.group(1)).collect(Collectors.toSet());
  }

  private static Set<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  /** The document as it is kept: the order in which the parts were merged says nothing. */
  private static String yaml(JsonNode root) throws IOException {
    ObjectNode sorted = ((ObjectNode) root).objectNode();
    for (String part :
        List.of("openapi", "info", "servers", "security", "tags", "paths", "components")) {
      sorted.set(part, root.path(part).deepCopy());
    }
    assertEquals(names(root), names(sorted), "parts of the document");
    sort(sorted, "paths");
    sort(sorted, "components");
    for (String part : names(sorted.path("components"))) {
      sort((ObjectNode) sorted.path("components"), part);
    }
    return YAMLMapper.builder()
        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
        .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .disable(YAMLGenerator.Feature.SPLIT_LINES)
        .build()
        .writeValueAsString(sorted);
  }

  private static void sort(ObjectNode in, String field) {
    ObjectNode object = (ObjectNode) in.path(field);
    Map<String, JsonNode> fields = new TreeMap<>();
    object.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    object.removeAll();
    object.setAll(fields);
  }
}
