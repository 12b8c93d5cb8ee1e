package dev.errand.identity.oauth;

import static dev.errand.identity.oauth.OAuthPerson.exchange;
import static dev.errand.identity.oauth.OAuthPerson.query;
import static dev.errand.identity.oauth.OAuthPerson.register;
import static dev.errand.identity.oauth.OAuthPerson.request;
import static dev.errand.identity.oauth.OAuthPerson.tokens;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.identity.oauth.OAuthPerson.Tokens;
import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.Chromium;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A person grants a chat access with a browser that others have written: {@code ./mvnw test
 * -Pbrowser}. Its pictures are in {@code target/browser}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConsentBrowserIT {
  private static final String USER = "/api/users/browsing";
  private static final String PASSWORD = "a password of a person who browses";
  private static final Path FOLDER = Path.of("target", "browser");
  private static final int PATIENCE_SECONDS = 60;

  private final BlockingQueue<URI> answers = new LinkedBlockingQueue<>();
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final ScriptedModel model = new ScriptedModel();
  private Chromium browser;
  private HttpServer elsewhere;
  private String client = "";

  @Inject DataSource database;

  @BeforeEach
  void aBrowserAndAProgram() throws IOException {
    Files.createDirectories(FOLDER);
    browser = new Chromium(Files.createTempDirectory(FOLDER, "data"));
    // The program that wants access, and other sites: 127.0.0.1 is another site than localhost.
    elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    elsewhere.createContext("/", this::answer);
    elsewhere.start();
    aPersonAndAClient();
  }

  private void answer(HttpExchange exchange) throws IOException {
    URI address = exchange.getRequestURI();
    String page = pages.getOrDefault(address.getPath(), "<h1>Nothing</h1>");
    if (address.getPath().equals("/cb")) {
      answers.add(address);
      page = "<h1>Connected</h1>";
    }
    byte[] bytes = ("<!DOCTYPE html>" + page).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/html;charset=UTF-8");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String site(String host) {
    return "http://" + host + ":" + elsewhere.getAddress().getPort();
  }

  private static String service() {
    return "http://localhost:" + RestAssured.port;
  }

  private void aPersonAndAClient() {
    Response invited = api().body("{\"role\": \"member\"}").put(USER);
    invited.then().statusCode(201);
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("password", PASSWORD))
        .post(URI.create(invited.path("invitation_url")).getPath())
        .then()
        .statusCode(201);
    client =
        register(
                "{\"client_name\": \"A chat\", \"redirect_uris\": [\"http://127.0.0.1/cb\"], \"token_endpoint_auth_method\": \"none\"}")
            .then()
            .statusCode(201)
            .extract()
            .path("client_id");
    pages.put("/", "<a id=go href=\"%s\">Connect</a>".formatted(wanted().replace("&", "&amp;")));
  }

  @AfterEach
  void tidyUp() throws Exception {
    browser.close();
    elsewhere.stop(0);
    model.close();
    api().delete(USER + "?force=true");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM oauth_client");
    }
  }

  private Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>(request(client));
    parameters.put("redirect_uri", site("127.0.0.1") + "/cb");
    parameters.put("scope", "read run write");
    return parameters;
  }

  private String wanted() {
    return service() + "/oauth/authorize?" + query(parameters());
  }

  /** Follows the program's link, and signs in where that leads to. */
  private void signIn() {
    browser.open(site("127.0.0.1") + "/");
    browser.click("#go");
    browser.await("the page to sign in", "location.pathname === '/sign-in'");
    browser.await("its form", "!document.getElementById('sign-in').hidden");
    browser.type("#sign-in input[name=username]", "browsing");
    browser.type("#sign-in input[name=password]", PASSWORD);
    browser.click("#sign-in button");
    browser.await("the question", "document.querySelector('button.allow') !== null");
  }

  private Map<String, String> answered() throws InterruptedException {
    URI answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertTrue(
        answer != null, () -> browser.evaluate("document.body.innerText") + " " + browser.log());
    return OAuthPerson.parameters(answer);
  }

  private Tokens exchanged(@Nullable String code) {
    return tokens(exchange(client, code, Map.of("redirect_uri", site("127.0.0.1") + "/cb")));
  }

  private String session() {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("username", "browsing", "password", PASSWORD))
        .post("/api/sessions")
        .then()
        .statusCode(201)
        .extract()
        .cookie("sessionId");
  }

  @Test
  void aChatConnectsAndCallsATask() throws Exception {
    given()
        .urlEncodingEnabled(false)
        .cookie("sessionId", session())
        .contentType(ContentType.JSON)
        .body(Api.task("Hello", model.url(), Map.of("key", "sk-of-a-person-1")))
        .put(TASKS + "/greet")
        .then()
        .statusCode(201);
    signIn();
    assertEquals(wanted(), browser.evaluate("location.href").asText());
    assertEquals(
        List.of(),
        browser.log().stream()
            // The page to sign in asks who is signed in, and is told that nobody is.
            .filter(line -> !line.contains("401"))
            .toList());
    for (String scheme : List.of("light", "dark")) {
      for (int width : List.of(1000, 360)) {
        browser.picture(FOLDER.resolve("consent-" + scheme + "-" + width + ".png"), width, scheme);
        assertFalse(
            browser.evaluate("document.documentElement.scrollWidth > innerWidth").asBoolean(),
            "The page is wider than " + width);
      }
    }
    browser.click("input[value=write]");
    browser.click("button.allow");
    Map<String, String> answer = answered();
    assertEquals("s t&te", answer.get("state"));
    assertEquals(service(), answer.get("iss"));
    Tokens tokens = exchanged(answer.get("code"));
    assertEquals("read run", tokens.body().getString("scope"));
    Chat chat = Chat.ofTests().by(tokens.access());
    assertThat(chat.result("tools/list", Map.of()).getList("tools.name"), hasItems("run_greet"));
    assertEquals("Done.", chat.call("run_greet", Map.of()).getString("content[0].text"));
  }

  @Test
  void aPersonRefuses() throws Exception {
    signIn();
    browser.click("button[value=deny]");
    Map<String, String> answer = answered();
    assertEquals("access_denied", answer.get("error"));
    assertNull(answer.get("code"));
    // Whoever is signed in is asked at once, also where the link is on another site.
    browser.open(site("127.0.0.1") + "/");
    browser.click("#go");
    browser.await("the question", "document.querySelector('button.allow') !== null");
  }

  @Test
  void pagesWorkWithoutScriptsAfterTheSignIn() throws Exception {
    signIn();
    browser.scripts(false);
    browser.open(wanted());
    // Without a scope it asks again, and says why.
    for (String scope : List.of("read", "run", "write")) {
      browser.click("input[value=" + scope + "]");
    }
    browser.click("button.allow");
    browser.await("the message", "document.querySelector('.message') !== null");
    browser.click("button.allow");
    exchanged(answered().get("code"));
  }

  @Test
  void aPageOfAnotherSiteCantShowTheQuestion() {
    signIn();
    pages.put("/frame", "<iframe src=\"%s\"></iframe>".formatted(wanted().replace("&", "&amp;")));
    for (String host : List.of("127.0.0.1", "localhost")) {
      int before = browser.log().size();
      browser.open(site(host) + "/frame");
      browser.await("the frame", "document.querySelector('iframe') !== null");
      Eventually.await(
          "the refusal of the frame",
          () ->
              browser.log().stream()
                  .skip(before)
                  .anyMatch(
                      line ->
                          line.contains("frame-ancestors") || line.contains("X-Frame-Options")));
    }
  }

  private @Nullable String field(String name) {
    return browser
        .evaluate("document.querySelector('input[name=%s]').value".formatted(name))
        .asText();
  }

  @Test
  void aFormOfAnotherSiteIsRefused() {
    signIn();
    String form =
        """
        <form method=post action="%s/oauth/authorize">
        <input name=request value="%s"><input name=ticket value="%s"><input name=decision value=allow>
        <input name=scope value=read><input name=profiles value=all><button>Win</button></form>
        """;
    String request = String.valueOf(field("request")).replace("&", "&amp;");
    // Even if it had the ticket of the person's own page.
    pages.put("/with", form.formatted(service(), request, field("ticket")));
    pages.put("/without", form.formatted(service(), request, "1.guess"));
    for (String host : List.of("127.0.0.1", "localhost")) {
      for (String page : List.of("/with", "/without")) {
        browser.open(site(host) + page);
        browser.click("button");
        browser.await(
            "the refusal of " + host + page,
            "location.pathname === '/oauth/authorize' && document.readyState === 'complete'");
        String said = browser.evaluate("document.body.innerText").asText();
        assertTrue(said.contains("The access can't be granted"), said);
      }
    }
    assertTrue(answers.isEmpty());
    given()
        .cookie("sessionId", session())
        .get("/api/grants")
        .then()
        .statusCode(200)
        .body("size()", equalTo(0));
  }
}
