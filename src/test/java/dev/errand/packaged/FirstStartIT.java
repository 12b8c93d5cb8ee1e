package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged application without any setting but its data folder. Executables embed no database.
 */
@DisabledIfSystemProperty(named = "packaged.native", matches = "true")
class FirstStartIT {
  private static final Pattern LINK =
      Pattern.compile(
          "^Nobody can sign in yet\\. Set Errand up, once and within 60 minutes:"
              + " http://localhost:[0-9]+(/set-up\\?code=[A-Za-z0-9_-]{43})$",
          Pattern.MULTILINE);
  private static final String PASSWORD = "a password of the first one";

  @TempDir static Path shared;
  @TempDir Path folder;

  private final Browser browser = new Browser(null);
  private Path data = Path.of("");

  @BeforeEach
  void unpackOnce() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    Path programs = Files.createDirectories(shared.resolve("postgres-17"));
    Files.createSymbolicLink(data.resolve("postgres-17"), programs);
  }

  @AfterEach
  void reset() {
    RestAssured.reset();
  }

  @Test
  void onePersonSetsItUpByTheLinkOfItsLastStart() throws Exception {
    String first;
    String key;
    try (Packaged _ = start("first-start-1", Map.of())) {
      first = link("first-start-1");
      assertTrue(log("first-start-1").contains("Its master key is " + data.resolve("secret.key")));
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secret.key"))));
      key = Files.readString(data.resolve("secret.key"));
      assertTrue(browser.open("/sign-in").one("#set-up").text().contains("its last start"));
      assertEquals(200, browser.open(first).status());
    }
    try (Packaged _ = start("first-start-2", Map.of())) {
      String link = link("first-start-2");
      assertFalse(log("first-start-2").contains("master key is"), "it is said once");
      assertEquals(key, Files.readString(data.resolve("secret.key")));
      assertRefused(first, "not the link that the service printed last");
      assertRefused("/set-up", "not the link that the service printed last");

      Page page = browser.open(link);
      assertTrue(page.text().contains(data.toString()), page.text());
      assertTrue(page.text().contains(data.resolve("secret.key").toString()), page.text());
      assertEquals("no-referrer", page.answer().header("Referrer-Policy"));
      for (Map<String, String> wrong :
          List.of(
              Map.of("username", "ada", "password", "short", "again", "short"),
              Map.of("username", "ada", "password", PASSWORD, "again", PASSWORD + "?"),
              Map.of("username", "a b", "password", PASSWORD, "again", PASSWORD),
              Map.of("username", "mcp", "password", PASSWORD, "again", PASSWORD),
              Map.of("username", "ADMIN", "password", PASSWORD, "again", PASSWORD))) {
        Page refused = browser.send(page, "#set-up", wrong);
        assertEquals(400, refused.status(), () -> wrong + ": " + refused.text());
        assertFalse(refused.one("p.message").text().isEmpty());
        assertEquals(wrong.get("username"), refused.value("input[name=username]"));
      }

      // A part of another site can't send the form, and of two who send it, one is let in.
      given()
          .header("Sec-Fetch-Site", "cross-site")
          .formParam("code", link.substring(link.indexOf('=') + 1))
          .formParam("username", "eve")
          .formParam("password", PASSWORD)
          .formParam("again", PASSWORD)
          .post("/set-up")
          .then()
          .statusCode(403);
      CompletableFuture<Page> ada = CompletableFuture.supplyAsync(() -> sent(page, "ada"));
      Page bob = sent(page, "bob");
      List<Page> both = List.of(bob, ada.get());
      assertEquals(1, both.stream().filter(answer -> answer.status() == 200).count());
      Page late = both.stream().filter(answer -> answer.status() != 200).findFirst().orElseThrow();
      assertEquals(401, late.status());
      assertTrue(late.text().contains("set up already"), late.text());
      assertRefused(link, "set up already");
      assertFalse(browser.open("/sign-in").has("#set-up"));
      String user = bob.status() == 200 ? "bob" : "ada";
      String session = signIn(user);
      given()
          .cookie("sessionId", session)
          .get("/api/users")
          .then()
          .statusCode(200)
          .body("username", containsInAnyOrder("admin", user));
      given()
          .cookie("sessionId", session)
          .get("/api/profiles/~/default/installations")
          .then()
          .statusCode(200)
          .body("installs.name", hasItem("fetch"));
    }
    try (Packaged _ = start("first-start-3", Map.of())) {
      assertFalse(log("first-start-3").contains("Nobody can sign in"));
    }
    Files.move(data.resolve("secret.key"), folder.resolve("kept.key"));
    try (Packaged service = begin("first-start-4", Map.of())) {
      assertEquals(1, service.awaitEnd());
      String said = log("first-start-4");
      assertTrue(said.contains("put the file back from a backup"), said);
      assertFalse(Files.exists(data.resolve("secret.key")), "no second key is made");
    }
    // The setting is as good as the file.
    try (Packaged service =
        start(
            "first-start-5",
            Map.of("ERRAND_SECRET_KEY", Files.readString(folder.resolve("kept.key"))))) {
      service.requestStop();
      assertEquals(143, service.awaitEnd());
    }
  }

  @Test
  void aLinkExpiresAndASessionOfTheOperatorReplacesIt() throws Exception {
    try (Packaged _ = start("first-start-late", Map.of())) {
      String link = link("first-start-late");
      execute("UPDATE set_up_link SET expires_at = now()");
      assertRefused(link, "has expired");
      assertFalse(browser.open("/sign-in").has("#set-up"));
    }
    Map<String, String> session =
        Map.of("ERRAND_BOOTSTRAP_SESSION", "a session that the operator chooses");
    try (Packaged service = start("first-start-session", session)) {
      assertFalse(log("first-start-session").contains("Nobody can sign in"));
      assertRefused("/set-up", "not the link that the service printed last");
      service.requestStop();
      assertEquals(143, service.awaitEnd());
    }
  }

  @Test
  void aCopyOfTheFolderIsTheSameServiceElsewhere() throws Exception {
    Map<String, String> more =
        Map.of(
            "ERRAND_BOOTSTRAP_SESSION", Api.SESSION, "ERRAND_EGRESS_ALLOW", "localhost,127.0.0.1");
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> say("Done."));
      String address;
      try (Packaged service = start("moved-from", more)) {
        assertEquals(201, register("moved", "Hello", model).statusCode());
        trigger("moved", "before", Map.of());
        assertEquals("ready", ended("moved", "before").getString("status"));
        address =
            api()
                .body(Map.of("scheme", "url"))
                .put(TASKS + "/moved/triggers/hook")
                .jsonPath()
                .getString("url");
        given()
            .header("Authorization", "Bearer " + Api.SESSION)
            .contentType("application/wasm")
            .body(Files.readAllBytes(Path.of("src/main/resources/servlets/calc.wasm")))
            .put("/api/servlets/~/moved")
            .then()
            .statusCode(201);
        service.requestStop();
        assertEquals(143, service.awaitEnd());
      }
      // The command of the document.
      Path copy = folder.resolve("copy");
      assertEquals(
          0, new ProcessBuilder("cp", "-a", data.toString(), copy.toString()).start().waitFor());
      Files.move(data, folder.resolve("away"));
      data = copy;
      try (Packaged service = start("moved-to", more)) {
        assertEquals("Done.", ended("moved", "before").getString("output"));
        trigger("moved", "after", Map.of());
        assertEquals("ready", ended("moved", "after").getString("status"));
        assertEquals(2, model.requests().size());
        assertEquals("Bearer sk-a-key-for-tests-1234", model.requests().getLast().authorization());
        String now = api().get(TASKS + "/moved/triggers/hook").jsonPath().getString("url");
        assertEquals(
            address.substring(address.indexOf("/hooks/")), now.substring(now.indexOf("/hooks/")));
        api().get("/api/servlets/~/moved").then().statusCode(200);
        service.requestStop();
        assertEquals(143, service.awaitEnd());
      }
    }
  }

  @Test
  void ofTwoOnOneEmptyFolderOneStarts() throws Exception {
    try (Packaged one = begin("first-start-one", Map.of());
        Packaged other = begin("first-start-other", Map.of())) {
      Eventually.await("the end of one", () -> !one.isAlive() || !other.isAlive());
      String ended = one.isAlive() ? "first-start-other" : "first-start-one";
      Packaged stays = (one.isAlive() ? one : other).awaitReady();
      assertTrue(log(ended).contains("Another Errand uses the data folder"), log(ended));
      stays.requestStop();
      assertEquals(143, stays.awaitEnd());
    }
  }

  private Packaged begin(String name, Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("ERRAND_DATA", data.toString());
    return Packaged.startSmall(name, environment);
  }

  private Packaged start(String name, Map<String, String> more) throws IOException {
    Packaged service = begin(name, more).awaitReady();
    RestAssured.port = service.port();
    return service;
  }

  private static Page sent(Page page, String username) {
    return new Browser(null)
        .send(
            page, "#set-up", Map.of("username", username, "password", PASSWORD, "again", PASSWORD));
  }

  private String signIn(String username) {
    browser.send(
        browser.open("/sign-in"), "#sign-in", Map.of("username", username, "password", PASSWORD));
    return String.valueOf(browser.session());
  }

  private void assertRefused(String link, String why) {
    Page page = new Browser(null).open(link);
    assertEquals(401, page.status());
    assertTrue(page.one("p.message").text().contains(why), page.text());
    assertFalse(page.has("form"), "there is nothing to fill in");
  }

  // Printed after the start, which the probe may have seen before.
  private static String link(String name) {
    Eventually.await("its link", () -> LINK.matcher(log(name)).find());
    Matcher found = LINK.matcher(log(name));
    assertTrue(found.find());
    String link = found.group(1);
    assertEquals(
        log(name).indexOf(link.substring(link.indexOf('='))),
        log(name).lastIndexOf(link.substring(link.indexOf('='))),
        "nothing else says it");
    return link;
  }

  private static String log(String name) {
    try {
      return Files.readString(Path.of("target", name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void execute(String statement) throws IOException, SQLException {
    String port = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3).strip();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + port + "/postgres",
                "errand",
                Files.readString(data.resolve("errand.password")).strip());
        Statement sent = connection.createStatement()) {
      sent.execute(statement);
    }
  }
}
