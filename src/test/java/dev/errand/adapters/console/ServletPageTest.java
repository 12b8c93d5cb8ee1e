package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of the registry, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ServletPageTest {
  private static final String PROFILE = "/api/profiles/~/console-registry";
  private static final String HOME = "/console/admin/console-registry";
  private static final String SERVLETS = HOME + "/servlets";
  private static final String OWN = SERVLETS + "/admin/console-published";
  private static final String HOSTILE =
      "</textarea><script>alert(1)</script><img src=x onerror=a>\"'&";

  @Inject DataSource database;

  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() throws Exception {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/servlets/admin/console-published");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM account WHERE username LIKE 'registry-%'");
    }
  }

  @Test
  void theRegistryIsSearched() {
    Page all = admin.open(SERVLETS);
    assertTrue(all.html().select("#servlets strong").eachText().contains("errand/calc"));
    assertEquals(
        HOME + "/install/errand/calc", all.one("a[href$=/install/errand/calc]").attr("href"));
    Page found = admin.send(all, "form.filters", Map.of("q", "calculate"));
    assertEquals(List.of("errand/calc"), found.html().select("#servlets strong").eachText());
    assertEquals("calculate", found.one("[name=q]").val());
    Page none = admin.send(all, "form.filters", Map.of("q", HOSTILE));
    assertTrue(none.text().contains("No servlet matches the search"), none.text());
    assertEquals(HOSTILE, none.one("[name=q]").val());
    assertEquals(0, none.html().select("main script, main img").size());
    assertEquals(400, admin.open(SERVLETS + "?offset=-1").status());
    assertEquals(404, admin.open(SERVLETS + "/admin/nothing").status());
  }

  @Test
  void aServletIsPublishedByUploadAndTheJudgementShown() {
    byte[] first = wasm("c_echo");
    Page form = admin.open(HOME + "/publish");
    Page page =
        admin.upload(
            form,
            "#publish",
            Map.of(
                "name", "console-published",
                "description", HOSTILE + "\r\n" + "漢".repeat(1500),
                "domains", "a.example\r\n*.b.example",
                "config", "token\r\na tone"),
            "wasm",
            first);
    assertEquals(OWN + "?published=" + address(first), page.path());
    assertTrue(page.one("#judgement").text().startsWith("Accepted as version 1."), page.text());
    assertTrue(page.one("#judgement").text().contains("Its tools: echo."), page.text());
    assertTrue(page.html().select("#imports dt").eachText().contains("extism:host/env"));
    assertTrue(page.one("#imports").text().contains("input_length"), page.text());
    assertTrue(page.text().contains(HOSTILE), page.text());
    assertEquals(0, page.html().select("main script, main img").size());
    api()
        .get("/api/servlets/admin/console-published")
        .then()
        .body("visibility", equalTo("private"))
        .body("meta.requirements.domains", contains("a.example", "*.b.example"))
        .body("meta.requirements.config", contains("token", "a tone"));
    Page again = admin.open(page.one("a[href*=/publish]").attr("href"));
    assertEquals("token\na tone", again.value("[name=config]"));
    Page second =
        admin.upload(
            again, "#publish", Map.of("visibility", "public"), "wasm", variant("c_echo", "2"));
    assertTrue(second.one("#judgement").text().startsWith("Accepted as version 2."), second.text());
    assertEquals(2, second.html().select("#versions tbody tr").size());
    assertTrue(
        second.one("#versions tr:first-child td[data-name=Size]").text().endsWith(" KiB"),
        second.text());
    api().get("/api/servlets/admin/console-published").then().body("visibility", equalTo("public"));
  }

  @Test
  void aPageReportsAnUploadThatIsTooLarge() throws Exception {
    Page form = admin.open(HOME + "/publish");
    // Unlike the client of other tests, browsers say how much they send.
    HttpRequest upload =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + HOME + "/publish"))
            .header("Content-Type", "multipart/form-data; boundary=x")
            .header("Cookie", "sessionId=" + Api.SESSION)
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[17 * 1024 * 1024]))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> refused = client.send(upload, HttpResponse.BodyHandlers.ofString());
      assertEquals(413, refused.statusCode());
      assertEquals(
          "text/html;charset=UTF-8", refused.headers().firstValue("Content-Type").orElse(""));
      assertTrue(
          refused.headers().firstValue("Content-Security-Policy").orElse("").contains("'none'"));
      assertTrue(refused.body().contains("choose a smaller file"), refused.body());
    }
    int most = Integer.parseInt(form.one("[name=wasm]").attr("data-most"));
    assertTrue(most > 16_000_000 && most < 16 * 1024 * 1024, () -> "" + most);
  }

  @Test
  void aRefusedUploadSaysWhyAndKeepsTheRest() {
    Page form = admin.open(HOME + "/publish");
    Map<String, String> fields =
        Map.of("name", "console-published", "description", HOSTILE, "visibility", "public");
    Map<byte[], String> wrong =
        Map.of(
            wasm("refused_import"),
            "imports",
            wasm("describe_fails"),
            "describe",
            new byte[0],
            "choose one",
            "no wasm".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            "");
    wrong.forEach(
        (bytes, said) -> {
          Page refused = admin.upload(form, "#publish", fields, "wasm", bytes);
          assertEquals(400, refused.status(), said);
          assertTrue(refused.one(".message").text().contains(said), refused.text());
          assertEquals(HOSTILE, refused.value("[name=description]"));
          assertEquals("console-published", refused.one("[name=name]").val());
          assertEquals("public", refused.one("option[selected]").val());
        });
    Page named = admin.upload(form, "#publish", Map.of("name", HOSTILE), "wasm", wasm("c_echo"));
    assertEquals(400, named.status());
    assertEquals(HOSTILE, named.one("[name=name]").val());
    assertEquals(
        400,
        admin
            .upload(
                form,
                "#publish",
                Map.of("name", "console-published", "domains", HOSTILE),
                "wasm",
                wasm("c_echo"))
            .status());
    // Larger than any other form may be.
    byte[] large = new byte[3_000_000];
    assertEquals(400, admin.upload(form, "#publish", fields, "wasm", large).status(), "it is read");
    api().get("/api/servlets/admin/console-published").then().statusCode(404);
  }

  @Test
  void versionsAreYankedAndTheServletDeleted() {
    publish("admin/console-published", "visibility=public", wasm("c_echo"));
    api()
        .body("{\"servlet_slug\": \"admin/console-published\", \"name\": \"echo\"}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    publish("admin/console-published", "", variant("c_echo", "2"));
    Page page = admin.open(OWN);
    assertEquals(
        List.of("console-registry/echo"),
        page.html().select("h2 + ul a[href*=/tools/]").eachText());
    assertEquals(HOME + "/tools/echo", page.html().select("h2 + ul a[href*=/tools/]").attr("href"));
    Page yanked = admin.send(page, "#versions tr:first-child form", Map.of());
    assertEquals("2 yanked", yanked.one("#versions tbody tr:first-child td.lead").text());
    Page shown = admin.open(OWN + "?published=" + address(variant("c_echo", "2")));
    assertTrue(
        shown.one("#judgement").text().contains("is yanked and can't be installed"), shown.text());
    Page back = admin.send(yanked, "#versions tr:first-child form", Map.of());
    assertEquals("2", back.one("#versions tbody tr:first-child td.lead").text());
    Page refused = admin.send(back, "#delete", Map.of());
    assertEquals(409, refused.status());
    assertTrue(refused.text().contains("is installed by admin/console-registry"), refused.text());
    api().delete(PROFILE + "/installations/echo").then().statusCode(204);
    assertEquals(SERVLETS, admin.send(back, "#delete", Map.of()).path());
    assertEquals(404, admin.open(OWN).status());
  }

  @Test
  void ownersAlonePublishYankAndDelete() {
    publish("admin/console-published", "visibility=public", wasm("c_echo"));
    OtherUser user = OtherUser.named("registry-viewer", database);
    api()
        .body(Map.of("role", "viewer"))
        .put(PROFILE + "/members/registry-viewer")
        .then()
        .statusCode(201);
    Browser browser = new Browser(user.session());
    Page page = browser.open(OWN);
    assertEquals(0, page.html().select("main form, main a.button").size());
    assertFalse(browser.open(SERVLETS).has("a[href*=/install/]"));
    String ticket = page.html().select("[name=ticket]").val();
    Map<String, String> fields =
        Map.of("ticket", ticket, "version", address(wasm("c_echo")), "yanked", "true");
    assertEquals(403, browser.post(OWN + "/yank", fields).status());
    assertEquals(403, browser.post(OWN + "/delete", fields).status());
    // Everybody has servlets of their own.
    Page form = browser.open(HOME + "/publish");
    assertTrue(form.text().contains("registry-viewer/name"), form.text());
    assertEquals(404, browser.open(HOME + "/publish?name=console-published").status());
    Browser stranger = new Browser(OtherUser.named("registry-stranger", database).session());
    for (String path : List.of("/servlets", "/servlets/admin/console-published", "/publish")) {
      assertEquals(404, stranger.open(HOME + path).status(), path);
      assertTrue(new Browser(null).open(HOME + path).path().startsWith("/sign-in?return="), path);
    }
    for (String path : List.of("/yank", "/delete")) {
      assertEquals(403, admin.post(OWN + path, Map.of("version", "1")).status(), path);
      assertEquals("/sign-in", new Browser(null).post(OWN + path, Map.of()).path(), path);
    }
    Map<String, String> forged = Map.of("name", "console-published", "ticket", "1.x");
    assertEquals(403, admin.upload(form, "#publish", forged, "wasm", wasm("c_echo")).status());
    assertEquals(
        "/sign-in",
        new Browser(null).upload(form, "#publish", forged, "wasm", wasm("c_echo")).path());
  }
}
