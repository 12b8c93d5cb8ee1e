package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.tool;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hostile authorization server sends people to an honest one, as this service's client there, to
 * get the code with which they return (RFC 9700, section 4.4).
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OAuthMixUpTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final String ISS = "authorization_response_iss_parameter_supported";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedIssuer honest = new ScriptedIssuer();
  private final ScriptedIssuer hostile = new ScriptedIssuer();
  private final ScriptedMcp honestServer = new ScriptedMcp();
  private final ScriptedMcp hostileServer = new ScriptedMcp();
  private OtherUser stranger = new OtherUser("");

  @BeforeEach
  void setUp() {
    honestServer.tools(tool("a", "First")).guarded(honest);
    hostileServer.tools(tool("z", "Last")).guarded(hostile);
    stranger = OtherUser.named("stranger", database);
  }

  @AfterEach
  void tidyUp() {
    for (String name : List.of("honest", "hostile")) {
      api().delete(INSTALLATIONS + "/" + name);
      stranger.api().delete(INSTALLATIONS + "/" + name);
    }
    honest.close();
    hostile.close();
    honestServer.close();
    hostileServer.close();
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void aCodeOfAnHonestServerIsNotSentToAHostileOne(boolean honestNames, boolean hostileSays) {
    names(honest, honestNames);
    String client = clientAtHonest();
    attack(client, hostileSays);
    String address = connect(api(), "hostile");

    String theirs = connect(api(), "honest");
    String changed = with(address, "redirect_uri", redirect(theirs));
    Map<String, String> answer = answer(honest, changed, honestNames);
    ValidatableResponse told = back(ScriptedIssuer.back(changed), answer);
    assertEquals(List.of(), hostile.asked());
    told.statusCode(400).body(containsString("not from the authorization server"));
    assertThrows(IllegalArgumentException.class, () -> honest.agree(address), "not its address");
  }

  // Anybody can register a client at the honest server that looks like this service.
  @Test
  void aPersonIsAskedBeforeAccessIsGrantedElsewhereThanAtTheIssuer() {
    attack("client-1", false);
    begin(api().accept("text/html"), "hostile")
        .then()
        .statusCode(200)
        .contentType(containsString("text/html"))
        .header("Location", nullValue())
        .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
        .header("Content-Security-Policy", containsString("form-action 'self' http:;"))
        .body(containsString("Grant access at %s?".formatted(place(honest.url()))))
        .body(containsString("is <strong>%s</strong>".formatted(place(hostile.url()))))
        .body(containsString("admin/default/hostile"))
        .body(containsString("at <strong>%s</strong>".formatted(place(hostileServer.url()))));
    assertEquals(List.of(), hostile.registered());

    for (String other :
        List.of("connect", confirmation(hostile.url()), confirmation(honest.url() + "/"))) {
      confirm(api(), "hostile", other)
          .then()
          .statusCode(200)
          .body(containsString("Grant access at"));
    }
    problem(
        given()
            .cookie("sessionId", Api.SESSION)
            .header("Sec-Fetch-Site", "cross-site")
            .urlEncodingEnabled(false)
            .post(INSTALLATIONS + "/hostile/" + confirmation(honest.url())),
        403,
        "cross_site");
    problem(confirm(api(), "hostile", confirmation("")), 400, "invalid_input");
    assertEquals(List.of(), hostile.registered());
    confirm(api(), "hostile", confirmation(honest.url()))
        .then()
        .statusCode(303)
        .header("Location", startsWith(honest.url() + "/authorize?"));
  }

  // Its own consent page may redirect to an honest server's, which only the person sees.
  @Test
  void aPersonIsToldWhereAccessIsAskedForByAServerThatDoesNotNameItself() {
    names(hostile, false);
    install(api(), "hostile", hostileServer);
    begin(api().accept("text/html"), "hostile")
        .then()
        .statusCode(200)
        .header("Location", nullValue())
        .body(containsString("Grant access at %s?".formatted(place(hostile.url()))))
        .body(containsString("admin/default/hostile"))
        .body(containsString("at <strong>%s</strong>".formatted(place(hostileServer.url()))))
        .body(
            containsString(
                "If a page of another site than <strong>%s</strong> asks you to allow access, do not: go back."
                    .formatted(place(hostile.url()))))
        .body(not(containsString("sends you to another site")));
    assertEquals(List.of(), hostile.registered());
    confirm(api(), "hostile", confirmation(honest.url())).then().statusCode(200);
    confirm(api(), "hostile", confirmation(hostile.url()))
        .then()
        .statusCode(303)
        .header("Location", startsWith(hostile.url() + "/authorize?"));
  }

  // The client at the honest server may have an address of ours that ends in ?iss= and the name of
  // the hostile one.
  @Test
  void aPersonIsAskedAlsoWhereTheAnswerIsPromisedToNameItsIssuer() {
    install(api(), "honest", honestServer);
    begin(api(), "honest")
        .then()
        .statusCode(200)
        .body(containsString("Grant access at %s?".formatted(place(honest.url()))));
    attack("client-1", true);
    begin(api(), "hostile")
        .then()
        .statusCode(200)
        .header("Location", nullValue())
        .body(containsString("sends you to another site"));
    assertEquals(List.of(), hostile.registered());
  }

  @Test
  void aCodeIsNotSentElsewhereByReplayingItAtTheOtherAddress() {
    names(honest, false);
    attack(clientAtHonest(), false);
    String address = connect(api(), "hostile");
    String theirs = connect(api(), "honest");
    Map<String, String> answer = answer(honest, theirs, false);
    answer.put("state", query(address).get("state"));
    back(ScriptedIssuer.back(theirs), answer).statusCode(400);
    back(ScriptedIssuer.back(address), answer)
        .statusCode(400)
        .body(containsString("you have started"));
    back("/oauth/callback", answer).statusCode(400);
    assertEquals(List.of(), hostile.asked());
  }

  // The hostile server has registered a client of its own with the honest one.
  @Test
  void anAnswerThatIsPromisedToNameItsIssuerDoes() {
    attack("client-1", true);
    String address = connect(api(), "hostile");
    honest.client("client-1", "", redirect(address));
    back(ScriptedIssuer.back(address), answer(honest, address, false)).statusCode(400);
    address = connect(api(), "hostile");
    back(ScriptedIssuer.back(address), answer(honest, address, true)).statusCode(400);
    address = connect(api(), "hostile");
    String path = ScriptedIssuer.back(address) + "?iss=" + encoded(hostile.url());
    back(path, answer(honest, address, true))
        .statusCode(400)
        .body(containsString("more than one iss"));
    assertEquals(List.of(), hostile.asked());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noServerHasTheNameOfAnother(boolean inCapitals) {
    attack(clientAtHonest(), false);
    String name = inCapitals ? honest.url().replace("http:", "HTTP:") : honest.url();
    hostile.metadata(node -> node.put("issuer", name));
    problem(
            api().redirects().follow(false).get(INSTALLATIONS + "/hostile/connect"),
            502,
            "mcp_server_failed")
        .then()
        .body("detail", containsString("names another server"));
  }

  @Test
  void usersHaveClientsOfTheirOwn() {
    String client = clientAtHonest();
    install(stranger.api(), "honest", honestServer);
    String theirs = connect(stranger.api(), "honest");
    assertNotEquals(client, query(theirs).get("client_id"));
    assertNotEquals(ScriptedIssuer.back(connect(api(), "honest")), ScriptedIssuer.back(theirs));
    int registered = honest.registered().size();
    String anew =
        honest
            .confirm(stranger.api(), INSTALLATIONS + "/honest/connect?register=true")
            .header("Location");
    assertEquals(registered + 1, honest.registered().size());
    assertEquals(
        query(anew).get("client_id"), query(connect(stranger.api(), "honest")).get("client_id"));
    assertEquals(client, query(connect(api(), "honest")).get("client_id"));
  }

  @Test
  void aClientRegisteredByHandHasTheAddressOfItsIssuer() {
    names(honest, false);
    names(hostile, false);
    install(api(), "honest", honestServer);
    install(api(), "hostile", hostileServer);
    String own = api().get(INSTALLATIONS + "/honest").path("mcp.oauth.redirect_url");
    String other = api().get(INSTALLATIONS + "/hostile").path("mcp.oauth.redirect_url");
    assertNotEquals(own, other);
    honest.client("by hand", "secret", own);
    byHand("honest", "by hand");
    byHand("hostile", "by hand");
    String address = connect(api(), "honest");
    assertEquals(own, redirect(address));
    String attacked = with(connect(api(), "hostile"), "redirect_uri", redirect(address));
    Map<String, String> answer = answer(honest, atHonest(attacked), false);
    back(ScriptedIssuer.back(address), answer).statusCode(400);
    assertEquals(List.of(), hostile.asked());
    back(ScriptedIssuer.back(address), answer(honest, connect(api(), "honest"), false))
        .statusCode(200);
  }

  @Test
  void aClientOfAVersionBeforeKeepsTheSharedAddress() {
    names(honest, false);
    install(api(), "honest", honestServer);
    String shared = "http://localhost:" + RestAssured.port + "/oauth/callback";
    honest.client("by hand", "secret", shared);
    byHand("honest", "by hand");
    sql.statement("UPDATE mcp_credential SET shares_redirect = true").run();
    api()
        .body("{\"mcp\": {\"oauth\": {\"scope\": \"read\"}}}")
        .patch(INSTALLATIONS + "/honest")
        .then()
        .statusCode(200)
        .body("mcp.oauth.redirect_url", equalTo(shared));
    back("/oauth/callback", answer(honest, connect(api(), "honest"), false)).statusCode(200);

    honest.metadata(
        node -> node.put("authorization_endpoint", hostile.url() + "/authorize").remove(ISS));
    problem(confirm(api(), "honest", confirmation(hostile.url())), 502, "mcp_server_failed")
        .then()
        .body("detail", containsString("/oauth/redirect/"));
    names(honest, true);
    assertEquals("/oauth/callback", ScriptedIssuer.back(connect(api(), "honest")));

    byHand("honest", "another");
    api()
        .get(INSTALLATIONS + "/honest")
        .then()
        .body("mcp.oauth.redirect_url", containsString("/oauth/redirect/"));
    assertEquals(
        api().get(INSTALLATIONS + "/honest").path("mcp.oauth.redirect_url"),
        redirect(connect(api(), "honest")));
  }

  @Test
  void theSharedAddressTakesNoAnswerForAnother() {
    names(honest, false);
    install(api(), "honest", honestServer);
    String address = connect(api(), "honest");
    back("/oauth/callback", answer(honest, address, false)).statusCode(400);
    address = connect(api(), "honest");
    back("/oauth/redirect/x", answer(honest, address, false)).statusCode(400);
    assertEquals(List.of(), honest.asked());
  }

  /** The client that this service has at the honest server for the user. */
  private String clientAtHonest() {
    install(api(), "honest", honestServer);
    String address = connect(api(), "honest");
    back(ScriptedIssuer.back(address), answer(honest, address, true)).statusCode(200);
    api().get(INSTALLATIONS + "/honest").then().body("mcp.credential.state", equalTo("ok"));
    return String.valueOf(query(address).get("client_id"));
  }

  /** Installs the hostile server, whose authorization server sends people to the honest one. */
  private void attack(String client, boolean says) {
    hostile
        .steals(client)
        .metadata(
            node -> {
              node.put("authorization_endpoint", honest.url() + "/authorize");
              node.put(ISS, says);
            });
    install(api(), "hostile", hostileServer);
  }

  private void byHand(String name, String client) {
    api()
        .body(
            "{\"mcp\": {\"oauth\": {\"client_id\": \"%s\", \"client_secret\": \"secret\"}}}"
                .formatted(client))
        .patch(INSTALLATIONS + "/" + name)
        .then()
        .statusCode(200);
  }

  private String atHonest(String address) {
    return address.replace(hostile.url(), honest.url());
  }

  private static void names(ScriptedIssuer issuer, boolean says) {
    issuer.metadata(node -> node.put(ISS, says));
  }

  private static void install(RequestSpecification as, String name, ScriptedMcp server) {
    as.body(
            "{\"name\": \"%s\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
                .formatted(name, server.url()))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  /** Where a person is sent who confirms what there is to confirm. */
  private static String connect(RequestSpecification as, String name) {
    Response begun = begin(as, name);
    Response sent =
        begun.statusCode() == 200
            ? confirm(
                as,
                name,
                String.valueOf(
                    begun.htmlPath().getString("**.find { it.@method == 'post' }.@action")))
            : begun;
    return sent.then().statusCode(303).extract().header("Location");
  }

  private static Response begin(RequestSpecification as, String name) {
    return as.redirects().follow(false).get(INSTALLATIONS + "/" + name + "/connect");
  }

  /** Sends the form of the page that asks. */
  private static Response confirm(RequestSpecification as, String name, String action) {
    return as.redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .post(INSTALLATIONS + "/" + name + "/" + action);
  }

  private static String confirmation(String site) {
    return "connect?site=" + encoded(site);
  }

  private static Map<String, String> answer(ScriptedIssuer issuer, String address, boolean named) {
    Map<String, String> answer = new LinkedHashMap<>(issuer.agree(address));
    if (!named) {
      answer.remove("iss");
    }
    return answer;
  }

  private static ValidatableResponse back(String path, Map<String, String> answer) {
    return api().get(path + (path.contains("?") ? "&" : "?") + form(answer)).then();
  }

  private static String with(String address, String name, String value) {
    Map<String, String> query = query(address);
    query.put(name, value);
    return address.substring(0, address.indexOf('?') + 1) + form(query);
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String place(String url) {
    return URI.create(url).getAuthority();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String redirect(String address) {
    return String.valueOf(query(address).get("redirect_uri"));
  }

  private static Map<String, String> query(String address) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String parameter : URI.create(address).getRawQuery().split("&", -1)) {
      String[] parts = parameter.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }
}
