package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
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
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The forms in which an installer confirms which calls wait for approval. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApprovalRulesPageTest {
  private static final String PROFILE = "/api/profiles/~/console-rules";
  private static final String HOME = "/console/admin/console-rules";
  private static final String CHAT = HOME + "/tools/chat";
  private static final String FORM = CHAT + "/approvals";
  private static final String HOSTILE = "</option><script>alert(1)</script>{x}\"'&";

  @Inject DataSource database;

  private final ScriptedMcp server = new ScriptedMcp();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aServer() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.tools(
        hinted("drop.all", false, true), hinted("search", true, false), tool(HOSTILE, "Odd"));
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/users/approvals-editor");
    server.close();
  }

  private static ObjectNode hinted(String name, boolean readOnly, boolean destructive) {
    ObjectNode hints =
        new ObjectMapper()
            .createObjectNode()
            .put("readOnlyHint", readOnly)
            .put("destructiveHint", destructive);
    return tool(name, "").set("annotations", hints);
  }

  private void install() {
    api()
        .body("{\"name\": \"chat\", \"mcp\": {\"url\": \"" + server.url() + "\"}}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
  }

  private static ValidatableResponse look(String name) {
    return api().get(PROFILE + "/installations/" + name).then().statusCode(200);
  }

  @Test
  void theHintsOfAServerAreTheRulesThatItsInstallationProposes() {
    Page form = admin.open(HOME + "/install-server");
    assertEquals("proposed", form.one("[name=approvals] option[selected]").val());
    Map<String, String> fields = Map.of("name", "chat", "url", server.url());
    Page page = admin.send(form, "#server", fields);
    assertEquals(CHAT + "/choice", page.path());
    look("chat").body("approvals", equalTo(Map.of("search", "never", "*", "always")));
    page = admin.open(CHAT);
    assertTrue(page.one("#tools").text().contains("drop.all off waits for approval"), page.text());
    assertFalse(page.one("#tools").text().contains("search waits"), page.text());
    for (String chosen : new String[] {"never", "always"}) {
      api().delete(PROFILE + "/installations/chat").then().statusCode(204);
      admin.send(form, "#server", Map.of("name", "chat", "url", server.url(), "approvals", chosen));
      look("chat").body("approvals", equalTo(Map.of("*", chosen)));
    }
  }

  @Test
  void theHostsOfAServletAreTheRulesThatItsInstallationProposes() {
    Page fetch = admin.open(HOME + "/install/errand/fetch");
    assertEquals("always", fetch.one("[name=a.fetch] option[selected]").val());
    assertEquals("always", fetch.one("[name=a.*] option[selected]").val());
    admin.send(fetch, "#install", Map.of("name", "fetch", "domains", "a.example"));
    look("fetch").body("approvals", equalTo(Map.of("*", "always")));
    Page calc = admin.open(HOME + "/install/errand/calc");
    assertEquals("never", calc.one("[name=a.calculate] option[selected]").val());
    Page refused =
        admin.send(
            calc,
            "#install",
            Map.of("name", "calc", "a.calculate", "when", "w.calculate", "arguments."));
    assertEquals(400, refused.status());
    assertTrue(
        refused.one(".message").text().startsWith("Approval of calls of calculate: is no"),
        refused.text());
    assertEquals("arguments.", refused.one("[name=w.calculate]").val());
    admin.send(refused, "#install", Map.of("w.calculate", "size(arguments.expression) > 9"));
    look("calc")
        .body("approvals.calculate.when", equalTo("size(arguments.expression) > 9"))
        .body("approvals.'*'", equalTo("never"));
    assertFalse(admin.open(HOME + "/tools/calc/edit").has("[name=a.*]"));
  }

  @Test
  void aProposalHoldsOnceItIsSaved() {
    install();
    Page page = admin.open(CHAT);
    assertTrue(page.text().contains("No call of these tools waits"), page.text());
    Page form = admin.open(FORM);
    assertTrue(form.one(".message.warned").text().contains("proposal"), form.text());
    assertEquals("always", form.one("[name=a.drop.all] option[selected]").val());
    assertEquals("never", form.one("[name=a.search] option[selected]").val());
    assertEquals("always", form.one("[name=a.*] option[selected]").val());
    assertTrue(form.text().contains("drop.all may overwrite or delete"), form.text());
    assertTrue(form.text().contains("search only reads"), form.text());
    assertEquals(0, form.html().select("main script").size());
    look("chat").body("approvals.size()", equalTo(0));
    Page saved = admin.send(form, "#approvals", Map.of("a." + HOSTILE, "never"));
    assertEquals(CHAT, saved.path());
    look("chat")
        .body("approvals", equalTo(Map.of("search", "never", HOSTILE, "never", "*", "always")));
    assertFalse(admin.open(FORM).has(".message"));
    Page wrong = admin.send(admin.open(FORM), "#approvals", Map.of("a.*", "when", "w.*", HOSTILE));
    assertEquals(400, wrong.status());
    assertTrue(wrong.one(".message").text().contains("all other tools"), wrong.text());
    assertEquals(HOSTILE, wrong.one("[name=w.*]").val());
    assertEquals(0, wrong.html().select("main script").size());
  }

  @Test
  void rulesOfToolsThatAreGoneStayInTheForm() {
    install();
    admin.send(admin.open(FORM), "#approvals", Map.of("a.search", "always", "a.*", "never"));
    server.tools(tool("drop.all", ""), tool("look", ""));
    String digest = api().post(PROFILE + "/installations/chat/refresh").path("mcp.change.digest");
    api()
        .body(Map.of("digest", digest))
        .post(PROFILE + "/installations/chat/accept")
        .then()
        .statusCode(200);
    Page page = admin.open(CHAT);
    assertTrue(page.one(".message").text().contains("search], which are not tools"), page.text());
    Page form = admin.open(FORM);
    assertEquals("always", form.one("[name=a.search] option[selected]").val());
    assertEquals("never", form.one("[name=a.look] option[selected]").val());
    admin.send(form, "#approvals", Map.of("a.look", "always"));
    look("chat").body("approvals.search", equalTo("always"));
  }

  @Test
  void aPreviewShowsThePastCallsThatWouldHaveWaited() {
    install();
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() < 2
                  ? call("c1", "chat_search", "{\"text\": \"a\u200Bb <b>\"}")
                  : say("Done."));
      EveryPage.register(PROFILE, "poster", model);
      api()
          .body("{\"parameters\": {\"url\": \"x\"}}")
          .put(PROFILE + "/tasks/poster/runs/one?wait=60")
          .then()
          .statusCode(201);
    }
    Page form = admin.open(FORM);
    Page none = admin.send(form, "#approvals", Map.of("show", "preview"));
    assertTrue(none.one("#preview").text().contains("0 would have waited"), none.text());
    Page page =
        admin.send(
            form, "#approvals", Map.of("show", "preview", "a.search", "always", "a.*", "never"));
    assertEquals(200, page.status());
    assertTrue(page.one("#preview").text().contains("1 would have waited"), page.text());
    assertEquals(HOME + "/tasks/poster/runs/one", page.one("#examples a").attr("href"));
    assertTrue(page.one("#examples pre").text().contains("a⟨U+200B⟩b <b>"), page.text());
    assertEquals("always", page.one("[name=a.search] option[selected]").val());
    look("chat").body("approvals.size()", equalTo(0));
  }

  @Test
  void editorsTightenRulesAndAreToldThatOwnersLoosenThem() {
    install();
    OtherUser user = OtherUser.named("approvals-editor", database);
    api()
        .body(Map.of("role", "editor"))
        .put(PROFILE + "/members/approvals-editor")
        .then()
        .statusCode(201);
    Browser editor = new Browser(user.session());
    assertEquals(
        CHAT, editor.send(editor.open(FORM), "#approvals", Map.of("a.search", "always")).path());
    Page refused = editor.send(editor.open(FORM), "#approvals", Map.of("a.search", "never"));
    assertEquals(403, refused.status());
    assertTrue(refused.one(".message").text().contains("only an owner"), refused.text());
    assertEquals(403, editor.post(CHAT + "/uninstall", ticket(editor)).status());
    api()
        .body(Map.of("role", "runner"))
        .put(PROFILE + "/members/approvals-editor")
        .then()
        .statusCode(200);
    assertEquals(403, editor.open(FORM).status());
    assertFalse(editor.open(CHAT).has("a[href$=/chat/approvals]"));
  }

  private static Map<String, String> ticket(Browser browser) {
    return Map.of("ticket", browser.open(CHAT).html().select("[name=ticket]").val());
  }

  @Test
  void aServerWithMostToolsHasAFormForAllOfThem() {
    server.tools(
        IntStream.range(0, 100).mapToObj(i -> tool("tool-" + i, "")).toArray(ObjectNode[]::new));
    install();
    Page form = admin.open(FORM);
    assertEquals(101, form.html().select("#approvals select").size());
    // As many fields as for 256 tools, which this server can't list.
    Map<String, String> fields =
        new HashMap<>(
            Map.of(
                "a.tool-7",
                "never",
                "a.*",
                "always",
                "ticket",
                form.one("#approvals [name=ticket]").val()));
    IntStream.range(0, 512).forEach(i -> fields.put("b." + i, "never"));
    assertEquals(CHAT, admin.post(FORM, fields).path());
    look("chat").body("approvals", equalTo(Map.of("tool-7", "never", "*", "always")));
  }
}
