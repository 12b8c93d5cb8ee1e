package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page on which a person calls a tool, as a browser without scripts uses it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TrialPageTest {
  private static final String PROFILE = "/api/profiles/~/console-trials";
  private static final String TOOL = "/console/admin/console-trials/tools/remote/try?tool=do%2Fall";
  private static final String TRY = "/console/admin/console-trials/tools/remote/try";
  private static final String HOSTILE =
      "</pre><script>alert(1)</script><img src=x onerror=a>{x}\"'&";

  private static final String SCHEMA =
      """
      {"name": "do/all", "description": "Does <b>all</b>.", "inputSchema": {
        "type": "object", "required": ["text", "size"], "additionalProperties": false,
        "properties": {
          "text": {"type": "string", "description": "What </label><script>x</script> to do"},
          "size": {"type": "integer", "default": 3},
          "share": {"type": ["number", "null"]},
          "loud": {"type": "boolean", "default": true},
          "mode": {"enum": ["fast", "slow", 7, null]},
          "list": {"type": "array", "items": {"type": "string"}},
          "any": {}}}}""";

  @Inject DataSource database;

  private final ScriptedMcp server = new ScriptedMcp();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aServer() throws IOException {
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.tools(tool(SCHEMA)).calls(request -> ScriptedMcp.text("Done."));
    api()
        .body("{\"name\": \"remote\", \"mcp\": {\"url\": \"" + server.url() + "\"}}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() throws Exception {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    server.close();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM account WHERE username LIKE 'trials-%'");
    }
  }

  private static ObjectNode tool(String declared) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(declared);
  }

  private String arguments() {
    return server.requests("tools/call").getLast().arguments().toString();
  }

  @Test
  void aFormIsMadeOfTheSchemaAndItsArgumentsAreSent() {
    Page page = admin.open(TOOL);
    assertTrue(page.text().contains("Does <b>all</b>."), page.text());
    assertTrue(page.text().contains("What </label><script>x</script> to do"), page.text());
    assertEquals(0, page.html().select("main script").size());
    assertEquals("3", page.one("[name=p.size]").val());
    assertEquals("true", page.one("[name=p.loud] option[selected]").val());
    assertFalse(page.has("[name=others]"));
    Page plain = admin.send(page, "#try", Map.of("p.text", "x\r\ny"));
    assertEquals(200, plain.status());
    assertEquals("{\"loud\":true,\"size\":3,\"text\":\"x\\ny\"}", arguments());
    assertEquals("Done.", plain.html().select("#answer pre").first().text());
    Map<String, String> all = new HashMap<>();
    all.put("p.text", "");
    all.put("p.size", " 12345678901234567890 ");
    all.put("p.share", "0.50");
    all.put("p.loud", "");
    all.put("p.mode", "7");
    all.put("p.list", "[\"a\"]");
    all.put("p.any", "{\"b\": null}");
    admin.send(page, "#try", all);
    assertEquals(
        "{\"any\":{\"b\":null},\"list\":[\"a\"],\"mode\":7,\"share\":0.50,"
            + "\"size\":12345678901234567890,\"text\":\"\"}",
        arguments().replace("0.5,", "0.50,"));
    all.put("p.mode", "\"slow\"");
    Page kept = admin.send(page, "#try", all);
    assertTrue(arguments().contains("\"mode\":\"slow\""), arguments());
    assertEquals("\"slow\"", kept.one("[name=p.mode] option[selected]").val());
    assertEquals("[\"a\"]", kept.value("[name=p.list]"));
  }

  @Test
  void wrongInputIsRefusedWithTheFieldAndKept() {
    Page page = admin.open(TOOL);
    Map<String, String> wrong =
        Map.of(
            "p.size", "1.5",
            "p.share", "half",
            "p.mode", "fast",
            "p.list", "[" + HOSTILE,
            "p.any", "text");
    wrong.forEach(
        (field, value) -> {
          Page refused = admin.send(page, "#try", Map.of("p.text", HOSTILE, field, value));
          assertEquals(400, refused.status(), field);
          assertTrue(
              refused.one(".message").text().startsWith(field.substring(2) + ": must be"),
              refused.text());
          assertEquals(HOSTILE, refused.value("[name=p.text]"));
          if (!field.equals("p.mode")) {
            assertEquals(value, refused.value("[name=" + field + "]"));
          }
        });
    assertEquals(List.of(), server.requests("tools/call"));
    assertEquals(404, admin.open(TRY + "?tool=nothing").status());
    assertEquals(404, admin.open(TRY).status());
  }

  @Test
  void anAnswerIsShownAsTextFoldedJsonAndPictures() throws IOException {
    server.tools(tool("{\"name\": \"a\", \"inputSchema\": {\"type\": \"object\"}}"));
    api().body("").post(PROFILE + "/installations/remote/refresh").then().statusCode(200);
    String digest = api().get(PROFILE + "/installations/remote").path("mcp.change.digest");
    api()
        .body(Map.of("digest", digest))
        .post(PROFILE + "/installations/remote/accept")
        .then()
        .statusCode(200);
    ObjectNode answer = new ObjectMapper().createObjectNode();
    var content = answer.putArray("content");
    content.addObject().put("type", "text").put("text", HOSTILE);
    content
        .addObject()
        .put("type", "text")
        .put("text", "{\"rows\": [" + "{\"a\": 1},".repeat(100) + "{}]}");
    content.addObject().put("type", "image").put("data", "aGk=").put("mimeType", "image/png");
    content.addObject().put("type", "image").put("data", "aGk=").put("mimeType", "image/svg+xml");
    content.addObject().put("type", "text").put("text", "long ".repeat(100_000));
    server.calls(request -> ScriptedMcp.result(answer.toString()));
    Page page = admin.open(TRY + "?tool=a");
    assertEquals(400, admin.send(page, "#try", Map.of("others", "[1]")).status(), "no object");
    Page told = admin.send(page, "#try", Map.of("others", "{\"x\": {\"y\": 1}}"));
    assertEquals("{\"x\":{\"y\":1}}", arguments());
    assertEquals(HOSTILE, told.html().select("#answer > pre").first().text());
    assertEquals("JSON", told.html().select("#answer summary").first().text());
    assertTrue(told.html().select("#answer details pre").first().wholeText().startsWith("{\n"));
    assertEquals("data:image/png;base64,aGk=", told.one("#answer img").attr("src"));
    assertTrue(told.text().contains("image/svg+xml (3 bytes) is not shown"), told.text());
    assertTrue(told.text().contains("Not all of the answer is shown"), told.text());
    assertTrue(told.answer().asByteArray().length < 100_000);
    assertEquals(0, told.html().select("main script").size());
    server.calls(request -> ScriptedMcp.result("{\"content\": [], \"isError\": true}"));
    Page failed = admin.send(page, "#try", Map.of());
    assertTrue(failed.one("#result").text().startsWith("The tool failed"), failed.text());
  }

  @Test
  void logsAndMissingSettingsOfAServletAreShown() {
    api()
        .body("{\"servlet_slug\": \"errand/calc\"}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    String calc = TRY.replace("remote", "calc") + "?tool=calculate";
    Page page = admin.open(calc);
    assertEquals(
        "42", admin.send(page, "#try", Map.of("p.expression", "6 * 7")).one("#answer pre").text());
    Page failed = admin.send(page, "#try", Map.of("p.expression", "6 *"));
    assertTrue(failed.one("#result").text().startsWith("The tool failed"), failed.text());
    api()
        .body("{\"disabled_tools\": [\"calculate\"]}")
        .patch(PROFILE + "/installations/calc")
        .then()
        .statusCode(200);
    assertEquals("calculate off", admin.open(calc).one("h1").text());
    assertTrue(
        admin.send(page, "#try", Map.of("p.expression", "1")).text().contains("is switched off"));
  }

  @Test
  void toolsAreCalledByThoseWhoMayRun() {
    for (String role : List.of("viewer", "runner", "editor")) {
      OtherUser user = OtherUser.named("trials-" + role, database);
      api()
          .body(Map.of("role", role))
          .put(PROFILE + "/members/trials-" + role)
          .then()
          .statusCode(201);
      Browser browser = new Browser(user.session());
      boolean mayRun = !role.equals("viewer");
      Page page = browser.open(TOOL);
      assertEquals(mayRun, page.has("#try"), role);
      assertTrue(page.text().contains("\"additionalProperties\""), page.text());
      String ticket = page.html().select("[name=ticket]").val();
      Map<String, String> fields =
          Map.of("ticket", ticket, "tool", "do/all", "p.text", "x", "p.size", "1");
      assertEquals(mayRun ? 200 : 403, browser.post(TRY, fields).status(), role);
    }
    assertEquals(403, admin.post(TRY, Map.of("tool", "do/all")).status());
    assertEquals("/sign-in", new Browser(null).post(TRY, Map.of()).path());
    Browser stranger = new Browser(OtherUser.named("trials-stranger", database).session());
    assertEquals(404, stranger.open(TOOL).status());
  }
}
