package dev.errand.identity.profile;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of profiles beside their deletion, and renames beside each other. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ProfileRacesTest {
  private static final String RACED = "/api/profiles/~/raced";
  private static final int ROUNDS = 12;

  private final ExecutorService hands = Executors.newFixedThreadPool(8);

  @AfterEach
  void stop() {
    hands.shutdownNow();
    for (String name : List.of("raced", "raced-0", "raced-1", "raced-2")) {
      api().delete("/api/profiles/~/" + name + "?force=true");
    }
  }

  private Set<Integer> statuses(List<Callable<Integer>> requests) throws Exception {
    Set<Integer> seen = new TreeSet<>();
    for (Future<Integer> answer : hands.invokeAll(requests)) {
      seen.add(answer.get());
    }
    return seen;
  }

  private static int patch(String profile, Map<String, ?> change) {
    return api().body(change).patch(profile).statusCode();
  }

  @Test
  void concurrentDeletionsAreNotFound() throws Exception {
    int deleted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      api().post(RACED).then().statusCode(201);
      List<Callable<Integer>> requests = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        requests.add(() -> patch(RACED, Map.of("description", "changed")));
        requests.add(() -> api().body("{\"paused\": true}").put(RACED + "/pause").statusCode());
      }
      requests.add(() -> patch(RACED, Map.of("name", "raced-0")));
      requests.add(() -> patch(RACED, Map.of("name", "raced-1")));
      requests.add(() -> api().delete(RACED + "?force=true").statusCode());
      requests.add(() -> api().delete(RACED + "?force=true").statusCode());
      Set<Integer> seen = statuses(requests);
      seen.removeAll(Set.of(200, 404));
      deleted += seen.remove(204) ? 1 : 0;
      assertEquals(Set.of(), seen);
    }
    assertEquals(ROUNDS, deleted);
  }

  @Test
  void renamesInACircleAreMadeOrRefused() throws Exception {
    for (int i = 0; i < 3; i++) {
      api().post("/api/profiles/~/raced-" + i).then().statusCode(201);
    }
    for (int round = 0; round < ROUNDS; round++) {
      List<Callable<Integer>> requests = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String from = "/api/profiles/~/raced-" + i % 3;
        String to = "raced-" + (i + 1) % 3;
        requests.add(
            i % 4 == 3
                ? () -> api().post(from).statusCode()
                : () -> patch(from, Map.of("name", to)));
      }
      Set<Integer> seen = statuses(requests);
      seen.removeAll(Set.of(200, 201, 404, 409));
      assertEquals(Set.of(), seen);
      api().delete("/api/profiles/~/raced-" + round % 3 + "?force=true");
    }
  }
}
