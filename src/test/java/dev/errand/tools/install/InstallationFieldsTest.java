package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.openapi.ApiDocument;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each field of a request for an installation changes its tag and stands in the audit. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstallationFieldsTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations/";

  /** What never changes, or must be empty. */
  private static final Set<String> FIXED =
      Set.of(
          "servlet_slug", "settings.filesystem.volumes", "settings.permissions.filesystem.volumes");

  private final ScriptedMcp server = new ScriptedMcp().tools(tool("a", "First"));
  private final ScriptedMcp other = new ScriptedMcp().tools(tool("a", "First"));
  private final ScriptedIssuer issuer = new ScriptedIssuer();

  /**
   * A change of a field.
   *
   * @param body of the request
   * @param audited the field in the audit
   */
  private record Change(String body, String audited) {}

  @AfterEach
  void tidyUp() {
    for (String name : new String[] {"fields", "other-fields", "server-fields"}) {
      api().delete(INSTALLATIONS + name);
    }
    server.close();
    other.close();
    issuer.close();
  }

  private static Map<String, Change> ofServlet() {
    Map<String, Change> changes = new LinkedHashMap<>();
    changes.put("allow_update", new Change("{\"allow_update\": true}", "allow_update"));
    changes.put("address", new Change("{\"address\": \"1\"}", "address"));
    changes.put("enabled_tools", new Change("{\"enabled_tools\": [\"probe\"]}", "enabled_tools"));
    changes.put(
        "disabled_tools", new Change("{\"disabled_tools\": [\"probe\"]}", "disabled_tools"));
    changes.put("approvals", new Change("{\"approvals\": {\"*\": \"always\"}}", "approvals.*"));
    changes.put(
        "settings.config",
        new Change("{\"settings\": {\"config\": {\"k\": \"v\"}}}", "settings.config.k"));
    changes.put(
        "settings.permissions.network.domains",
        new Change(
            "{\"settings\": {\"permissions\": {\"network\": {\"domains\": [\"a.example\"]}}}}",
            "domains"));
    changes.put(
        "settings.network.domains",
        new Change("{\"settings\": {\"network\": {\"domains\": [\"b.example\"]}}}", "domains"));
    changes.put("name", new Change("{\"name\": \"other-fields\"}", "name"));
    return changes;
  }

  private Map<String, Change> ofServer() {
    Map<String, Change> changes = new LinkedHashMap<>();
    changes.put(
        "mcp.oauth.client_id",
        ofServer("\"oauth\": {\"client_id\": \"c\"}", "mcp.oauth.client_id"));
    changes.put(
        "mcp.oauth.client_secret",
        ofServer("\"oauth\": {\"client_secret\": \"s\"}", "mcp.oauth.client_secret"));
    changes.put("mcp.oauth.scope", ofServer("\"oauth\": {\"scope\": \"read\"}", "mcp.oauth.scope"));
    String elsewhere = "\"url\": \"%s\"".formatted(other.url());
    changes.put("mcp.url", ofServer(elsewhere + ", \"auth\": \"none\"", "mcp.url"));
    changes.put("mcp.headers", ofServer("\"headers\": {\"X-A\": \"v\"}", "mcp.headers.X-A"));
    changes.put(
        "mcp.auth", ofServer("\"auth\": \"none\", \"headers\": {\"X-A\": null}", "mcp.auth"));
    changes.put(
        "settings.on_change",
        new Change("{\"settings\": {\"on_change\": \"accept\"}}", "mcp.on_change"));
    return changes;
  }

  private static Change ofServer(String fields, String audited) {
    return new Change("{\"mcp\": {%s}}".formatted(fields), audited);
  }

  @Test
  void eachFieldChangesTheTagAndStandsInTheAudit() {
    publish("admin/fields", "", variant("config_echo", "fields-1"));
    publish("admin/fields", "", variant("config_echo", "fields-2"));
    install("{\"servlet_slug\": \"admin/fields\", \"address\": \"2\"}");
    server.guarded(issuer);
    install(
        "{\"name\": \"server-fields\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
            .formatted(server.url() + "?token=a-secret"));
    String audit =
        api()
            .get("/api/audit?object=profiles/admin/default/installations/server-fields")
            .asString();
    assertTrue(audit.contains("mcp.url") && !audit.contains("a-secret"), audit);

    Set<String> changed = new TreeSet<>(FIXED);
    changed.addAll(changed("fields", ofServlet()));
    changed.addAll(changed("server-fields", ofServer()));
    ApiDocument document = ApiDocument.served();
    Set<String> fields = new TreeSet<>();
    add(document, document.root().at("/components/schemas/InstallationRequest"), "", fields);
    assertEquals(fields, changed, "Add a change of each field to ofServlet() or ofServer().");
  }

  private static void install(String body) {
    api().body(body).post(INSTALLATIONS).then().statusCode(201);
  }

  private static Set<String> changed(String name, Map<String, Change> changes) {
    String now = name;
    for (Map.Entry<String, Change> each : changes.entrySet()) {
      String field = each.getKey();
      String before = tag(now);
      String body = each.getValue().body();
      Response answer = api().body(body).patch(INSTALLATIONS + now);
      assertEquals(200, answer.statusCode(), answer::asString);
      String after = answer.path("name");
      assertNotEquals(before, tag(after), field);
      Map<String, Object> audited =
          api()
              .get("/api/audit?object=profiles/admin/default/installations/" + after + "&limit=1")
              .jsonPath()
              .getMap("[0].changes");
      assertTrue(audited.containsKey(each.getValue().audited()), () -> field + " in " + audited);
      now = after;
    }
    return changes.keySet();
  }

  private static String tag(String name) {
    return api().get(INSTALLATIONS + name).then().statusCode(200).extract().header("ETag");
  }

  private static void add(ApiDocument document, JsonNode schema, String at, Set<String> fields) {
    JsonNode properties = document.resolved(schema).path("properties");
    properties
        .properties()
        .forEach(
            property ->
                add(
                    document,
                    property.getValue(),
                    at.isEmpty() ? property.getKey() : at + "." + property.getKey(),
                    fields));
    if (properties.isEmpty()) {
      fields.add(at);
    }
  }
}
