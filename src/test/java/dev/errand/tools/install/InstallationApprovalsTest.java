package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.tool;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of installations by which calls of their tools wait for a person. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstallationApprovalsTest {
  private static final String PROFILE = "/api/profiles/admin/ruled";
  private static final String INSTALLATIONS = PROFILE + "/installations";
  private static final String CHAT = INSTALLATIONS + "/chat";
  private static final String STRICT =
      "{\"post\": \"always\", \"token\": {\"when\": \"arguments.to != 'me'\"}, \"*\": \"never\"}";

  @Inject DataSource database;
  @Inject Sql sql;
  @Inject ProfileToolbox toolboxes;

  private final ScriptedMcp server = new ScriptedMcp();

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.tools(tool("post", ""), tool("search", ""), tool("token", ""));
  }

  @AfterEach
  void tidyUp() throws SQLException {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    server.close();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM account WHERE username LIKE 'ruled-%'");
    }
  }

  private ValidatableResponse install(String more) {
    return api()
        .body("{\"name\": \"chat\", \"mcp\": {\"url\": \"%s\"}%s}".formatted(server.url(), more))
        .post(INSTALLATIONS)
        .then();
  }

  private static ValidatableResponse patch(RequestSpecification as, String rules) {
    return as.body("{\"approvals\": " + rules + "}").patch(CHAT).then();
  }

  private RequestSpecification member(String role) {
    OtherUser user = OtherUser.named("ruled-" + role, database);
    api()
        .body(Map.of("role", role))
        .put(PROFILE + "/members/ruled-" + role)
        .then()
        .statusCode(lessThan(300));
    return user.api();
  }

  @Test
  void rulesAreShownAsTheyWereSetAndAreReplacedAsAWhole() {
    install("").statusCode(201).body("approvals", anEmptyMap());
    patch(api(), STRICT)
        .statusCode(200)
        .body("approvals.post", equalTo("always"))
        .body("approvals.token", equalTo(Map.of("when", "arguments.to != 'me'")))
        .body("approvals.'*'", equalTo("never"))
        .body("warnings", empty());
    String shown = api().get(CHAT).asString();
    api().body(shown).put(CHAT).then().statusCode(200);
    assertEquals(shown, api().get(CHAT).asString());
    api().body("{\"approvals\": null}").put(CHAT).then().body("approvals", hasKey("post"));
    api().body("{\"name\": \"chat\"}").put(CHAT).then().body("approvals", hasKey("post"));
    String changed = api().get(CHAT).path("modified_at");
    patch(api(), "{\"search\": \"always\"}")
        .body("approvals", equalTo(Map.of("search", "always")))
        .body("modified_at", not(equalTo(changed)));
    assertNotEquals(shown, api().get(CHAT).asString());
    patch(api(), "{}").body("approvals", anEmptyMap());
    api().delete(CHAT).then().statusCode(204);
    install(", \"approvals\": {\"*\": \"always\"}")
        .statusCode(201)
        .body("approvals", equalTo(Map.of("*", "always")));
  }

  @Test
  void wrongRulesAreRefusedByTheirField() {
    install("").statusCode(201);
    wrong("\"always\"", "approvals");
    wrong("{\"post\": \"sometimes\"}", "approvals.post");
    wrong("{\"post\": {\"when\": \"arguments.\"}}", "approvals.post.when");
    wrong("{\"post\": {\"when\": \"output == ''\"}}", "approvals.post.when");
    wrong("{\"post\": {\"when\": \"true\", \"else\": 1}}", "approvals.post");
    wrong("{\"\": \"always\"}", "approvals");
    wrong("{\"psot\": \"always\"}", "approvals");
    patch(api(), "{\"psot\": \"always\"}").body("detail", containsString("[post, search, token]"));
  }

  private static void wrong(String rules, String field) {
    problem(api().body("{\"approvals\": " + rules + "}").patch(CHAT), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field));
  }

  @Test
  void editorsMakeRulesStricterAndOnlyOwnersLoosenThem() {
    RequestSpecification editor = member("editor");
    install("").statusCode(201);
    patch(editor, "{\"post\": {\"when\": \"arguments.n > 1\"}}").statusCode(200);
    patch(member("editor"), STRICT).statusCode(200);
    for (String looser :
        List.of(
            "{}",
            "{\"post\": \"always\", \"*\": \"never\"}",
            "{\"post\": \"never\", \"*\": \"always\"}",
            "{\"post\": {\"when\": \"true\"}, \"token\": \"always\"}",
            "{\"post\": \"always\", \"token\": {\"when\": \"arguments.to != 'you'\"}}")) {
      problem(
              member("editor").body("{\"approvals\": " + looser + "}").patch(CHAT),
              403,
              "approvals_loosened")
          .then()
          .body("detail", containsString("only an owner"));
      problem(
          member("editor").body("{\"approvals\": " + looser + "}").put(CHAT),
          403,
          "approvals_loosened");
    }
    api().get(CHAT).then().body("approvals.size()", equalTo(3));
    problem(member("editor").delete(CHAT), 403, "approvals_loosened");
    problem(
        patch(member("runner"), "{\"*\": \"always\"}").extract().response(), 403, "role_missing");
    // Everything else of the installation is an editor's.
    member("editor").body("{\"disabled_tools\": [\"token\"]}").patch(CHAT).then().statusCode(200);
    patch(member("owner"), "{\"*\": \"never\"}").statusCode(200);
    patch(member("editor"), "{}").statusCode(200);
    member("editor").delete(CHAT).then().statusCode(204);
  }

  @Test
  void theHintsOfAServerAreProposedAndNotAppliedByThemselves() {
    server.tools(
        hinted("add", "{\"destructiveHint\": false}"),
        hinted("both", "{\"readOnlyHint\": true, \"destructiveHint\": true}"),
        hinted("drop", "{\"destructiveHint\": true}"),
        hinted("odd", "{\"readOnlyHint\": \"true\", \"title\": \"Odd\"}"),
        hinted("search", "{\"readOnlyHint\": true}"),
        hinted("write", "{\"readOnlyHint\": false}"),
        tool("plain", ""));
    Map<String, String> proposed = Map.of("add", "never", "search", "never", "*", "always");
    install("")
        .statusCode(201)
        .body("approvals", anEmptyMap())
        .body("approvals_proposed", equalTo(proposed));
    String tools = "servlet.meta.schema.tools.find { it.name == '%s' }.annotations";
    api()
        .get(CHAT)
        .then()
        .body("approvals", anEmptyMap())
        .body(
            tools.formatted("search"),
            equalTo(Map.of("readOnlyHint", true, "destructiveHint", false)))
        .body(
            tools.formatted("write"),
            equalTo(Map.of("readOnlyHint", false, "destructiveHint", true)))
        .body(tools.formatted("odd"), nullValue())
        .body(tools.formatted("plain"), nullValue());
    String shown = api().get(CHAT).asString();
    api().body(shown).put(CHAT).then().statusCode(200).body("approvals", anEmptyMap());
    patch(api(), "\"proposed\"")
        .statusCode(200)
        .body("approvals", equalTo(proposed))
        .body("", not(hasKey("approvals_proposed")));
    // They are rules like all others from now on, whatever the server says later.
    server.tools(hinted("drop", "{\"readOnlyHint\": true}"), hinted("search", "{}"));
    String digest = api().post(CHAT + "/refresh").path("mcp.change.digest");
    api()
        .body(Map.of("digest", digest))
        .post(CHAT + "/accept")
        .then()
        .statusCode(200)
        .body("approvals", equalTo(proposed));
    problem(
        member("editor").body("{\"approvals\": \"proposed\"}").patch(CHAT),
        403,
        "approvals_loosened");
    api().delete(CHAT).then().statusCode(204);
    install(", \"approvals\": \"proposed\"")
        .statusCode(201)
        .body("approvals", equalTo(Map.of("drop", "never", "*", "always")));
  }

  private static ObjectNode hinted(String name, String annotations) {
    try {
      return tool(name, "").set("annotations", new ObjectMapper().readTree(annotations));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hintsStayOutOfWhatRunsAreOffered() {
    server.tools(hinted("search", "{\"readOnlyHint\": true}"));
    install("").statusCode(201);
    ToolSpec spec = toolboxes.of(profileId(), tool -> true).tools().getFirst().spec();
    assertEquals("chat_search", spec.name());
    assertNull(spec.hints());
  }

  private UUID profileId() {
    return sql.statement("SELECT id FROM profile WHERE name = 'ruled'").one(row -> row.id("id"));
  }

  @Test
  void theHostsOfAServletDecideWhatIsProposed() {
    String json = INSTALLATIONS + "/json";
    api()
        .body("{\"servlet_slug\": \"errand/json\"}")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201)
        .body("approvals_proposed", equalTo(Map.of("*", "never")));
    api()
        .body("{\"settings\": {\"network\": {\"domains\": [\"a.example\"]}}}")
        .patch(json)
        .then()
        .body("approvals_proposed", equalTo(Map.of("*", "always")));
    api()
        .body(
            """
            {"servlet_slug": "errand/fetch", "approvals": "proposed",
             "settings": {"network": {"domains": ["*"]}}}""")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201)
        .body("approvals", equalTo(Map.of("*", "always")));
  }

  @Test
  void changesOfRulesStandInTheAudit() {
    install(", \"approvals\": " + STRICT).statusCode(201);
    patch(api(), "{\"post\": \"never\", \"url\": \"always\"}").statusCode(400);
    patch(api(), "{\"post\": \"never\", \"token\": \"always\"}").statusCode(200);
    api().delete(CHAT).then().statusCode(204);
    audited()
        .body("[2].action", equalTo("installation.created"))
        .body("[2].changes.'approvals.post'.to", equalTo("always"))
        .body("[2].changes.'approvals.token.when'.to", equalTo("arguments.to != 'me'"))
        .body("[1].changes.'approvals.post'", equalTo(Map.of("from", "always", "to", "never")))
        .body("[1].changes.'approvals.token'.to", equalTo("always"))
        .body("[1].changes.'approvals.*'", equalTo(Map.of("from", "never")))
        .body("[0].action", equalTo("installation.deleted"))
        .body("[0].changes.'approvals.token'.from", equalTo("always"));
  }

  private static ValidatableResponse audited() {
    return api()
        .get("/api/audit?object=profiles/admin/ruled/installations/chat&limit=10")
        .then()
        .statusCode(200);
  }

  @Test
  void aRuleOfAToolThatIsGoneIsAWarning() throws InterruptedException {
    install(
            ", \"settings\": {\"on_change\": \"accept\"}, \"approvals\": {\"post\": \"always\","
                + " \"search\": \"never\"}")
        .statusCode(201);
    server.tools(tool("send", ""), tool("search", ""));
    api()
        .post(CHAT + "/refresh")
        .then()
        .statusCode(200)
        .body("approvals", equalTo(Map.of("post", "always", "search", "never")))
        .body("warnings.code", contains("approvals_unknown"))
        .body("warnings[0].message", containsString("[post]"))
        .body("warnings[0].message", containsString("[search, send]"));
    // It may come back, so it can be kept, and with a rule for others it matters less.
    patch(api(), "{\"post\": \"always\", \"search\": \"never\", \"*\": \"always\"}")
        .statusCode(200);
  }

  @Test
  void whoSeesOnlyAPublicProfileSeesNoRules() {
    install(", \"approvals\": " + STRICT).statusCode(201);
    api().body("{\"is_public\": true}").patch(PROFILE).then().statusCode(200);
    OtherUser.named("ruled-stranger", database)
        .api()
        .get(CHAT)
        .then()
        .statusCode(200)
        .body("approvals", anEmptyMap())
        .body("warnings", empty());
    member("viewer").get(CHAT).then().body("approvals.post", equalTo("always"));
  }
}
