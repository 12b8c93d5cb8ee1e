package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.Servlets;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The forms that install servlets and servers, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstallPageTest {
  private static final String PROFILE = "/api/profiles/~/console-install";
  private static final String HOME = "/console/admin/console-install";
  private static final String TOOLS = HOME + "/tools";
  private static final String FORM = HOME + "/install/admin/console-installed";
  private static final String HOSTILE =
      "</textarea><script>alert(1)</script><img src=x onerror=a>\"'&";

  @Inject DataSource database;

  private final ScriptedMcp server = new ScriptedMcp();
  private final ScriptedIssuer issuer = new ScriptedIssuer();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfileAndAServlet() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    publish(
            "admin/console-installed",
            "domains=a.example,*.b.example&config=token,tone&description=%3Cb%3E",
            wasm("c_echo"))
        .then()
        .statusCode(201);
    server.tools(tool("a", "First"));
  }

  @AfterEach
  void tidyUp() throws Exception {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/servlets/admin/console-installed").then().statusCode(204);
    server.close();
    issuer.close();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM account WHERE username LIKE 'install-%'");
    }
  }

  private static ValidatableResponse look(String name) {
    return api().get(PROFILE + "/installations/" + name).then().statusCode(200);
  }

  private static Map<String, String> ticked(Page page, String selector) {
    Map<String, String> fields = new HashMap<>();
    for (var field : page.one(selector).select("input, textarea")) {
      if (!field.attr("type").equals("checkbox")) {
        fields.put(field.attr("name"), page.value(selector + " [name=" + field.attr("name") + "]"));
      }
    }
    return fields;
  }

  @Test
  void aServletIsInstalledWithWhatItSaysThatItNeeds() {
    Page form = admin.open(FORM);
    assertEquals("console-installed", form.one("[name=name]").val());
    assertEquals("a.example\n*.b.example", form.value("[name=domains]"));
    assertTrue(form.text().contains("<b>"), form.text());
    Page page =
        admin.send(
            form,
            "#install",
            Map.of(
                "name",
                "echo",
                "s.token",
                "v4lue",
                "key1",
                "extra",
                "value1",
                "m0re",
                "domains",
                "a.example\r\nc.example, d.example"));
    assertEquals(TOOLS + "/echo", page.path());
    assertFalse(page.answer().asString().contains("v4lue"));
    look("echo")
        .body("allow_update", equalTo(true))
        .body(
            "settings.permissions.network.domains", contains("a.example", "c.example", "d.example"))
        .body("settings.config", equalTo(Map.of("extra", "set", "token", "set", "tone", "unset")));
    Page taken = admin.send(form, "#install", Map.of("name", "echo"));
    assertEquals(409, taken.status());
    assertEquals("echo", taken.one("[name=name]").val());
  }

  @Test
  void refusedFormsKeepTheirInputButNoSecret() {
    Page form = admin.open(FORM);
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("name", HOSTILE), "1 to 64",
            Map.of("domains", HOSTILE), "a domain is a host",
            Map.of("key1", HOSTILE), "both a key and a value",
            Map.of("version", "7"), "version");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> all = new HashMap<>(fields);
          all.put("s.token", "v4lue");
          Page refused = admin.send(form, "#install", all);
          assertTrue(refused.status() == 400 || refused.status() == 404, said);
          assertTrue(refused.one(".message").text().contains(said), refused.text());
          assertFalse(refused.answer().asString().contains("v4lue"), said);
          assertEquals(0, refused.html().select("main script, main img").size());
          fields.forEach(
              (name, value) -> {
                if (!name.equals("version")) {
                  assertEquals(value, refused.value("[name=" + name + "]"));
                }
              });
        });
    assertEquals(404, admin.open(HOME + "/install/admin/nothing").status());
    api().get(PROFILE + "/installations").then().body("installs", empty());
  }

  @Test
  void anInstallationIsChangedByItsForm() {
    admin.send(admin.open(FORM), "#install", Map.of("name", "echo", "s.token", "1", "s.tone", "2"));
    publish("admin/console-installed", "", variant("c_echo", "second")).then().statusCode(200);
    String newest = Servlets.address(variant("c_echo", "second"));
    String oldest = Servlets.address(wasm("c_echo"));
    Page form = admin.open(TOOLS + "/echo/edit");
    assertEquals("newest", form.one("[name=version] option[selected]").val());
    Map<String, String> fields = ticked(form, "#install");
    fields.put("name", "renamed");
    fields.put("version", oldest);
    fields.put("domains", "");
    fields.put("r.tone", "true");
    Page page = admin.send(form, "#install", fields);
    assertEquals(TOOLS + "/renamed", page.path());
    look("renamed")
        .body("allow_update", equalTo(false))
        .body("binding.contentAddress", equalTo(oldest))
        .body("settings.permissions.network.domains", empty())
        .body("settings.config", equalTo(Map.of("token", "set", "tone", "unset")));
    // What is not touched stays.
    Page again = admin.open(TOOLS + "/renamed/edit");
    assertEquals(oldest, again.one("[name=version] option[selected]").val());
    admin.send(again, "#install", ticked(again, "#install"));
    look("renamed").body("binding.contentAddress", equalTo(oldest));
    Map<String, String> follow = ticked(again, "#install");
    follow.put("version", "newest");
    admin.send(again, "#install", follow);
    look("renamed")
        .body("binding.contentAddress", equalTo(newest))
        .body("allow_update", equalTo(true))
        .body("settings.config.token", equalTo("set"));
    assertEquals(400, admin.open(TOOLS + "/renamed/edit-server").status());
  }

  @Test
  void aServerIsInstalledAndChangedByItsForm() {
    Page form = admin.open(HOME + "/install-server");
    Page page =
        admin.send(
            form,
            "#server",
            Map.of(
                "name",
                "remote",
                "url",
                server.url(),
                "auth",
                "headers",
                "name1",
                "X-Key",
                "value1",
                "s3cret",
                "on_change",
                "disable"));
    assertEquals(TOOLS + "/remote/choice", page.path());
    assertEquals("s3cret", server.requests().getLast().headers().get("x-key"));
    look("remote")
        .body("mcp.auth", equalTo("headers"))
        .body("settings.on_change", equalTo("disable"));
    int asked = server.requests().size();
    Page edit = admin.open(TOOLS + "/remote/edit-server");
    assertFalse(edit.answer().asString().contains("s3cret"));
    Map<String, String> fields = ticked(edit, "#server");
    fields.put("on_change", "hold");
    admin.send(edit, "#server", fields);
    look("remote").body("settings.on_change", equalTo("hold"));
    assertEquals(asked, server.requests().size(), "nothing changed in how it is asked");
    fields.put("name2", "X-Other");
    fields.put("value2", "other");
    fields.put("r.X-Key", "true");
    Page again = admin.open(TOOLS + "/remote/edit-server");
    fields.put("seen", again.value("#server [name=seen]"));
    admin.send(again, "#server", fields);
    look("remote").body("mcp.headers", equalTo(Map.of("X-Other", "set")));
    admin.send(admin.open(TOOLS + "/remote/edit-server"), "#server", Map.of("auth", "none"));
    look("remote").body("mcp.auth", equalTo("none")).body("mcp.headers", equalTo(Map.of()));
    assertEquals(400, admin.open(TOOLS + "/remote/edit").status());
  }

  @Test
  void theToolsOfANewServerAreOffUntilTheyAreChosen() {
    server.tools(tool("post", "Posts " + HOSTILE), tool("get-env", "Returns all variables"));
    Page form = admin.open(HOME + "/install-server");
    Page choice = admin.send(form, "#server", Map.of("name", "remote", "url", server.url()));
    assertEquals(TOOLS + "/remote/choice", choice.path());
    look("remote").body("enabled_tools", empty());
    assertEquals(0, choice.html().select("#choice [type=checkbox][checked]").size());
    assertTrue(choice.text().contains("Posts " + HOSTILE), choice.text());
    assertEquals(0, choice.html().select("main script, main img").size());
    assertEquals("off", choice.one("[name=later][checked]").val());
    Page unchosen = admin.open(TOOLS + "/remote");
    assertEquals("no tool chosen", unchosen.one("h1 .status").text());
    assertEquals(TOOLS + "/remote/choice", unchosen.one("#unchosen a").attr("href"));
    Page chosen = admin.send(choice, "#choice", Map.of("t.post", "true"));
    assertEquals(TOOLS + "/remote", chosen.path());
    assertTrue(chosen.has("#chosen"), chosen.text());
    assertEquals("ready", chosen.one("h1 .status").text());
    look("remote").body("enabled_tools", contains("post")).body("disabled_tools", empty());
    Page again = admin.open(TOOLS + "/remote/choice");
    assertEquals("t.post", again.one("#choice [type=checkbox][checked]").attr("name"));
    admin.send(again, "#choice", Map.of("later", "on"));
    look("remote").body("enabled_tools", contains("*")).body("disabled_tools", contains("get-env"));
    admin.send(admin.open(TOOLS + "/remote/choice"), "#choice", Map.of("later", "off"));
    look("remote").body("enabled_tools", contains("post")).body("disabled_tools", empty());
    Page one = admin.open(TOOLS + "/remote");
    String flip = "#tools li:contains(post) form";
    Page off = admin.send(one, flip, Map.of());
    look("remote").body("enabled_tools", empty());
    admin.send(off, flip, Map.of());
    look("remote").body("enabled_tools", contains("post"));
  }

  @Test
  void manyToolsMakeNoLargePage() {
    ObjectNode[] many = new ObjectNode[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = tool("a_tool_with_the_number_" + i, "It does something & more. ".repeat(20));
    }
    server.tools(many);
    Page form = admin.open(HOME + "/install-server");
    Page choice = admin.send(form, "#server", Map.of("name", "remote", "url", server.url()));
    assertEquals(TOOLS + "/remote/choice", choice.path(), choice.text());
    assertEquals(100, choice.html().select("#choice [type=checkbox]").size());
    assertTrue(choice.answer().asByteArray().length < 100_000, choice.path());
    admin.send(choice, "#choice", Map.of("later", "on", "t.a_tool_with_the_number_0", "true"));
    look("remote").body("disabled_tools.size()", equalTo(99));
    api()
        .body("{\"enabled_tools\": [\"*\"], \"disabled_tools\": []}")
        .patch(PROFILE + "/installations/remote")
        .then()
        .statusCode(200);
    for (String name : List.of("other", "third")) {
      api()
          .body(Map.of("name", name, "mcp", Map.of("url", server.url())))
          .post(PROFILE + "/installations")
          .then()
          .statusCode(201);
    }
    Page task = admin.open(HOME + "/new-task");
    assertEquals(250, task.html().select(".of-choice [type=checkbox]").size());
    assertTrue(task.text().contains("The profile has more tools"));
    assertTrue(task.answer().asByteArray().length < 100_000, task.path());
    // The tools that are ticked come before others.
    List<String> chosen = List.of("third_a_tool_with_the_number_99", "third_gone");
    api()
        .body(Api.task("x", "http://127.0.0.1:9", Map.of("key", "sk-a-key", "tools", chosen)))
        .put(PROFILE + "/tasks/some")
        .then()
        .statusCode(201);
    Page edit = admin.open(HOME + "/tasks/some/edit");
    assertEquals(251, edit.html().select(".of-choice [type=checkbox]").size());
    assertEquals(
        List.of("other", "remote", "third", "No tools of the profile now"),
        edit.html().select(".of-choice legend").eachText());
    assertEquals(
        List.of("third_a_tool_with_the_number_99", "third_gone"),
        edit.html().select(".of-choice label:has([checked]) code").eachText());
    assertEquals(
        List.of("third_gone"),
        edit.html().select(".of-choice fieldset").last().select("code").eachText());
    admin.send(edit, "#task", Map.of());
    api().get(PROFILE + "/tasks/some").then().body("settings.tools", equalTo(chosen));
  }

  @Test
  void toolsThatTheSentFormDidNotHaveStayAsTheyAre() {
    server.tools(tool("a", "First"), tool("b", "Second"));
    api()
        .body(
            Map.of(
                "name",
                "remote",
                "mcp",
                Map.of("url", server.url()),
                "settings",
                Map.of("on_change", "accept")))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    Page old = admin.open(TOOLS + "/remote/choice");
    server.tools(tool("a", "First"), tool("b", "Second"), tool("c", "Third"));
    api().body("").post(PROFILE + "/installations/remote/refresh").then().statusCode(200);
    // What was added is on at once, as the form says.
    admin.send(old, "#choice", Map.of("t.b", ""));
    look("remote").body("enabled_tools", contains("*")).body("disabled_tools", contains("b"));
    Page seen = admin.open(TOOLS + "/remote/choice");
    assertTrue(seen.has("[name=t.c][checked]"), seen.text());
    admin.send(seen, "#choice", Map.of("t.c", "", "later", "off"));
    look("remote").body("enabled_tools", contains("a")).body("disabled_tools", empty());
    // Somebody switches it on meanwhile.
    api()
        .body("{\"enabled_tools\": [\"a\", \"c\"]}")
        .patch(PROFILE + "/installations/remote")
        .then()
        .statusCode(200);
    admin.send(old, "#choice", Map.of("t.a", "", "later", "off"));
    look("remote").body("enabled_tools", contains("b", "c"));
    Map<String, String> nothing = Map.of("ticket", old.one("#choice [name=ticket]").val());
    admin.post(TOOLS + "/remote/choice", nothing);
    look("remote").body("enabled_tools", contains("b", "c")).body("disabled_tools", empty());
  }

  @Test
  void aServerThatAPersonConnectsIsInstalled() {
    server.guarded(issuer);
    Page form = admin.open(HOME + "/install-server");
    Page refused = admin.send(form, "#server", Map.of("name", "remote", "url", server.url()));
    assertTrue(refused.status() >= 400, refused.text());
    assertTrue(refused.one(".message").text().contains("A person can connect it"), refused.text());
    assertEquals(server.url(), refused.one("[name=url]").val());
    Page page =
        admin.send(
            refused,
            "#server",
            Map.of("auth", "oauth", "client_id", "by-hand", "client_secret", "s3cret"));
    assertEquals(TOOLS + "/remote", page.path());
    assertEquals("Connect", page.one("#connect").text());
    look("remote").body("enabled_tools", empty());
    look("remote").body("mcp.oauth.client_id", equalTo("by-hand"));
    Page edit = admin.open(TOOLS + "/remote/edit-server");
    assertFalse(edit.answer().asString().contains("s3cret"));
    assertEquals("by-hand", edit.one("[name=client_id]").val());
    admin.send(edit, "#server", Map.of("scope", "read"));
    look("remote")
        .body("mcp.oauth.scope", equalTo("read"))
        .body("mcp.oauth.client_secret", equalTo("set"));
  }

  @Test
  void wrongServersAreRefusedAndSecretsNotSentBack() {
    Page form = admin.open(HOME + "/install-server");
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("url", "ftp://a.example/"), "Address",
            Map.of("url", "http://10.0.0.7/mcp"), "ERRAND_EGRESS_ALLOW",
            Map.of("name", HOSTILE), "1 to 64",
            Map.of("auth", "headers"), "Header fields",
            Map.of("auth", "headers", "name1", HOSTILE, "value1", "s3cret"),
                "invalid name of a header field",
            Map.of("auth", "headers", "value1", "s3cret"), "both a name and a value",
            Map.of("on_change", "whatever"), "When its tools change",
            Map.of("auth", "whatever"), "Authentication");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> all = new HashMap<>(Map.of("name", "remote", "url", server.url()));
          all.putAll(fields);
          Page refused = admin.send(form, "#server", all);
          assertEquals(400, refused.status(), said);
          assertTrue(refused.one(".message").text().contains(said), refused.text());
          assertFalse(refused.answer().asString().contains("s3cret"), said);
          assertEquals(0, refused.html().select("main script, main img").size());
          assertEquals(all.get("url"), refused.one("[name=url]").val());
          assertEquals(all.get("name"), refused.one("[name=name]").val());
        });
    api().get(PROFILE + "/installations").then().body("installs", empty());
  }

  @Test
  void formsAreForEditors() {
    admin.send(admin.open(FORM), "#install", Map.of("name", "echo"));
    api()
        .body("{\"name\": \"remote\", \"mcp\": {\"url\": \"" + server.url() + "\"}}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    List<String> forms =
        List.of(
            FORM,
            HOME + "/install-server",
            TOOLS + "/echo/edit",
            TOOLS + "/remote/edit-server",
            TOOLS + "/remote/choice");
    for (String role : List.of("viewer", "runner", "editor")) {
      OtherUser user = OtherUser.named("install-" + role, database);
      api()
          .body(Map.of("role", role))
          .put(PROFILE + "/members/install-" + role)
          .then()
          .statusCode(201);
      Browser browser = new Browser(user.session());
      boolean mayEdit = role.equals("editor");
      Page list = browser.open(TOOLS);
      assertEquals(mayEdit, list.has("a[href$=/install-server]"), role);
      assertEquals(mayEdit, browser.open(TOOLS + "/echo").has("a[href$=/edit]"), role);
      assertEquals(mayEdit, browser.open(TOOLS + "/remote").has("a[href$=/edit-server]"), role);
      String ticket = list.html().select("[name=ticket]").val();
      for (String form : forms.subList(1, 4)) {
        assertEquals(mayEdit ? 200 : 403, browser.open(form).status(), form + role);
        // Without a name, nothing is done.
        assertEquals(
            mayEdit ? 400 : 403,
            browser.post(form, Map.of("ticket", ticket, "on_change", "hold")).status(),
            form + role);
      }
      // The servlet is private.
      assertEquals(mayEdit ? 404 : 403, browser.open(FORM).status(), role);
    }
    Browser stranger = new Browser(OtherUser.named("install-stranger", database).session());
    for (String form : forms) {
      assertEquals(404, stranger.open(form).status(), form);
      assertEquals(403, admin.post(form, Map.of("name", "forged")).status(), form);
      assertEquals("/sign-in", new Browser(null).post(form, Map.of()).path(), form);
    }
  }
}
