package dev.errand.tools.mcp.oauth;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import dev.errand.tools.mcp.oauth.ClientRegistrations.Chosen;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** As which client, and with which redirect address, access is requested. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ClientRegistrationsTest {
  private static final OwnClient PUBLIC = new OwnClient("https://errand.example.com");
  private static final String REMOTE = "/api/profiles/~/default/installations/remote";

  @Inject ClientRegistrations clients;
  @Inject FlowStore flows;
  @Inject Sql sql;
  @Inject Json json;
  @Inject DataSource database;

  private final ScriptedIssuer issuer = new ScriptedIssuer();

  @AfterEach
  void tidyUp() {
    issuer.close();
  }

  @Test
  void theDocumentIsUsedOnlyWhereAnswersNameTheirIssuer() throws Exception {
    Chosen named = clients.find(server(true, true), null, PUBLIC, account("admin"), false);
    assertEquals(PUBLIC.documentUrl(), named.client().id());
    assertEquals(
        "[\"%s\"]".formatted(named.redirectUri()),
        PUBLIC.document(json).path("redirect_uris").toString());
    Chosen unnamed = clients.find(server(false, true), null, PUBLIC, account("admin"), false);
    assertEquals("client-1", unnamed.client().id());
    assertTrue(unnamed.redirectUri().contains("/oauth/redirect/"), unnamed.redirectUri());
    assertEquals(
        unnamed.redirectUri(),
        issuer.registered().getFirst().path("redirect_uris").path(0).asText());
  }

  @Test
  void registrationsEndWithTheirUser() throws Exception {
    OtherUser _ = OtherUser.named("leaver", database);
    UUID account = account("leaver");
    Chosen _ = clients.find(server(false, false), null, PUBLIC, account, false);
    assertEquals(1, registrations(account));
    sql.statement("DELETE FROM account WHERE id = :id").with("id", account).run();
    assertEquals(0, registrations(account));
  }

  // A person who left while the version before ran returns to the address that it had named.
  @Test
  void anAnswerToTheVersionBeforeIsTaken() {
    try (ScriptedMcp server = new ScriptedMcp()) {
      server.tools(tool("a", "First")).guarded(issuer);
      api()
          .body(
              "{\"name\": \"remote\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
                  .formatted(server.url()))
          .post(REMOTE.replace("/remote", ""))
          .then()
          .statusCode(201);
      String shared = "http://localhost:" + RestAssured.port + "/oauth/callback";
      Connection begun =
          new Connection(
              server.url(),
              server.url(),
              issuer.url(),
              issuer.url() + "/token",
              null,
              false,
              new ClientIdentity("before", null, ClientIdentity.NONE),
              shared,
              null);
      issuer.before(
          form ->
              shared.equals(form.get("redirect_uri"))
                  ? new ScriptedIssuer.Answer(
                      200, "{\"access_token\": \"x\", \"token_type\": \"bearer\"}")
                  : null);
      UUID installation =
          sql.statement("SELECT installation_id FROM mcp_credential")
              .list(row -> row.id("installation_id"))
              .getFirst();
      assertTrue(
          flows.keep(
              "left", installation, account("admin"), new FlowStore.Flow(begun, "verifier")));
      api()
          .queryParams(Map.of("state", "left", "code", "c"))
          .get("/oauth/callback")
          .then()
          .statusCode(200);
      api().get(REMOTE).then().body("mcp.oauth.connected_by", equalTo("admin"));
    } finally {
      api().delete(REMOTE);
    }
  }

  private int registrations(UUID account) {
    return sql.statement("SELECT FROM mcp_registration WHERE account_id = :id")
        .with("id", account)
        .list(row -> 1)
        .size();
  }

  private UUID account(String name) {
    return sql.statement("SELECT id FROM account WHERE username = :name")
        .with("name", name)
        .list(row -> row.id("id"))
        .getFirst();
  }

  private AuthorizationServer server(boolean namesIssuer, boolean readsDocuments) {
    return new AuthorizationServer(
        issuer.url(),
        issuer.url() + "/authorize",
        issuer.url() + "/token",
        issuer.url() + "/register",
        null,
        List.of(ClientIdentity.NONE),
        List.of(),
        namesIssuer,
        readsDocuments);
  }
}
