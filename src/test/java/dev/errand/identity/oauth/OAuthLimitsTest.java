package dev.errand.identity.oauth;

import static dev.errand.identity.oauth.OAuthPerson.CALLBACK;
import static dev.errand.identity.oauth.OAuthPerson.error;
import static dev.errand.identity.oauth.OAuthPerson.hidden;
import static dev.errand.identity.oauth.OAuthPerson.refresh;
import static dev.errand.identity.oauth.OAuthPerson.register;
import static dev.errand.identity.oauth.OAuthPerson.request;
import static dev.errand.identity.oauth.OAuthPerson.tokens;
import static dev.errand.support.Api.api;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.identity.oauth.OAuthPerson.Tokens;
import dev.errand.support.Api;
import dev.errand.support.GrantedAccess;
import dev.errand.support.SmallLimits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much of it there may be: grants, registrations, and refreshes at a time. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = SmallLimits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class OAuthLimitsTest {
  private static final String CLIENT = "limits";
  private static final String PATH = "/api/oauth/clients/" + CLIENT;
  private static final String BODY = "{\"redirect_uris\": [\"" + CALLBACK + "\"]}";

  private final OAuthPerson admin = new OAuthPerson(Api.SESSION);

  @Inject DataSource database;

  @BeforeEach
  void aClient() {
    api().body(BODY.replace("}", ", \"confidential\": false}")).put(PATH).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(PATH).then().statusCode(204);
  }

  @Test
  void aUserHasSoManyGrantsAtMost() {
    for (int i = 0; i < SmallLimits.MOST - 1; i++) {
      GrantedAccess.to(CLIENT, database);
    }
    Map<String, List<String>> allow =
        Map.of("decision", List.of("allow"), "scope", List.of("read"), "profiles", List.of("all"));
    Response page = admin.open(request(CLIENT));
    admin.send(hidden(page), allow).then().statusCode(303);
    admin
        .send(hidden(page), allow)
        .then()
        .statusCode(409)
        .contentType("text/html;charset=UTF-8")
        .body(containsString("errand.oauth.grants-per-user"));
    String one = api().get("/api/grants").path("[0].id");
    api().delete("/api/grants/" + one).then().statusCode(204);
    admin.send(hidden(page), allow).then().statusCode(303);
  }

  @Test
  void anAddressRegistersSoManyClientsAMinuteAtMost() {
    Response answer = register(BODY);
    for (int i = 0; i < 10 * SmallLimits.MOST && answer.statusCode() == 201; i++) {
      answer = register(BODY);
    }
    error(answer, 429, "temporarily_unavailable");
    assertEquals(
        "Too many clients were registered. Retry in " + answer.header("Retry-After") + " s.",
        answer.path("error_description"));
    assertEquals("no-store", answer.header("Cache-Control"));
    assertEquals("*", answer.header("Access-Control-Allow-Origin"));
  }

  @Test
  void ofRefreshesAtOneTimeOneWinsAndAllEnd() throws Exception {
    Tokens tokens = admin.connect(CLIENT);
    int most = 6;
    CyclicBarrier together = new CyclicBarrier(most);
    List<Response> answers = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> begun = new ArrayList<>();
      for (int i = 0; i < most; i++) {
        begun.add(
            executor.submit(
                () -> {
                  together.await();
                  return refresh(CLIENT, tokens.refresh(), Map.of());
                }));
      }
      for (Future<Response> one : begun) {
        answers.add(one.get());
      }
    }
    List<Response> won = answers.stream().filter(one -> one.statusCode() == 200).toList();
    assertEquals(1, won.size());
    answers.stream()
        .filter(one -> one.statusCode() != 200)
        .forEach(one -> error(one, 400, "invalid_grant"));
    // Whoever came second may be a thief, and so may be the one who won.
    error(refresh(CLIENT, tokens(won.getFirst()).refresh(), Map.of()), 400, "invalid_grant");
    assertEquals(List.of(), api().get("/api/grants").jsonPath().getList("id"));
  }
}
