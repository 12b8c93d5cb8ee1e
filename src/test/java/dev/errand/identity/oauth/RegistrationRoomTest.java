package dev.errand.identity.oauth;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.oauth.RegistrationResource.Registered;
import dev.errand.support.GrantedAccess;
import dev.errand.support.SmallLimits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How clients that register themselves have room, however many others do. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = SmallLimits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class RegistrationRoomTest {
  private static final byte[] BODY =
      "{\"redirect_uris\": [\"https://chat.example/callback\"]}".getBytes(StandardCharsets.UTF_8);
  private static final String LIST = "/api/oauth/clients?registered=true";

  // Another address each time, so that no rate limits it.
  private static int address;

  @Inject DataSource database;
  @Inject Registration registration;
  @Inject RegistrationRoom room;

  @BeforeEach
  @AfterEach
  void noClients() {
    run("DELETE FROM oauth_client WHERE kind = 'registered'");
  }

  private void run(String statement) {
    try (Connection connection = database.getConnection();
        Statement one = connection.createStatement()) {
      one.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> names() {
    try (Connection connection = database.getConnection();
        Statement one = connection.createStatement();
        ResultSet rows =
            one.executeQuery(
                "SELECT name FROM oauth_client WHERE kind = 'registered' ORDER BY name")) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Registered registered() {
    return registration.register(BODY, "203.0.113." + ++address);
  }

  // Clients of networks of their own, of two each; they are named by their number.
  private void fill(int clients, int minutes) {
    run(
        """
        INSERT INTO oauth_client (id, client_id, kind, name, redirect_uris, created_at, network)
        SELECT gen_random_uuid(), 'dyn-' || n, 'registered', to_char(n, 'FM00'), '{https://x.example/}',
          now() - %d * interval '1 minute' + n * interval '1 second', '198.51.' || (n + 1) / 2 || '.0/24'
        FROM generate_series(1, %d) AS n
        """
            .formatted(minutes, clients));
    room.lookAgain();
  }

  @Test
  void unusedClientsOfTheLargestNetworksMakeRoom() {
    fill(SmallLimits.CLIENTS, 30);
    // The network of the first two has one from now on.
    run("DELETE FROM oauth_client WHERE name = '02'");
    registered();
    assertEquals(SmallLimits.CLIENTS, names().size());
    registered();
    assertEquals(SmallLimits.CLIENTS, names().size());
    assertTrue(names().containsAll(List.of("01", "04")), names()::toString);
    assertTrue(!names().contains("03"), names()::toString);
  }

  @Test
  void clientsThatHadAnHourMakeRoomFirst() {
    fill(SmallLimits.CLIENTS, 30);
    run("UPDATE oauth_client SET created_at = now() - interval '2 hours' WHERE name = '40'");
    registered();
    assertEquals(SmallLimits.CLIENTS, names().size());
    assertTrue(names().contains("01") && !names().contains("40"), names()::toString);
  }

  @Test
  void usedClientsMakeNoRoom() {
    fill(SmallLimits.CLIENTS, 120);
    for (int i = 1; i <= SmallLimits.CLIENTS; i++) {
      GrantedAccess.to("dyn-" + i, database);
    }
    OAuthException refused = assertThrows(OAuthException.class, this::registered);
    assertEquals(503, refused.status());
    assertEquals(SmallLimits.CLIENTS, names().size());
  }

  @Test
  void aNetworkHasItsShareOfUnusedClients() {
    fill(2, 30);
    for (int i = 0; i < 5; i++) {
      registered();
    }
    room.lookAgain();
    registered();
    // Those of the share, and the one that was stored after the look.
    assertEquals(
        List.of("01", "02", "A client without a name", "A client without a name"),
        names().subList(0, 4));
    assertEquals(5, names().size());
  }

  @Test
  void adminsListAndDeleteThem() {
    fill(3, 30);
    GrantedAccess.to("dyn-2", database);
    Response first = api().get(LIST + "&limit=2");
    first.then().statusCode(200);
    assertEquals(List.of("dyn-1", "dyn-2"), first.jsonPath().getList("client_id"));
    assertEquals(List.of(false, true), first.jsonPath().getList("used"));
    assertEquals("198.51.1.0/24", first.path("[0].network"));
    assertTrue(first.header("Link").contains("registered=true"), first.header("Link"));
    assertEquals(
        List.of(), api().get("/api/oauth/clients").jsonPath().getList("findAll {it.registered}"));
    api().get("/api/oauth/clients/dyn-2").then().statusCode(200);
    api().delete("/api/oauth/clients/dyn-2").then().statusCode(204);
    assertEquals(List.of("01", "03"), names());
    api().get("/api/oauth/clients/dyn-2").then().statusCode(404);
    api().get("/api/oauth/clients?registered=maybe").then().statusCode(400);
  }
}
