package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is decided or sent in the background here: the test does all of it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(KeptByHand.class)
class TwoRoutersTest {
  private static final String NOTICES = "/api/profiles/~/default/notices";

  @Inject ChannelRows channels;
  @Inject NoticeRouter router;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void register() {
    sql.statement("DELETE FROM notice_event").run();
    channels.add("default", "team", "http://127.0.0.1:9/");
    model.script(request -> error(404, "model_not_found", "There is no such model."));
    Api.register("daily", "Hello", model).then().statusCode(201);
    api()
        .body(Map.of("events", List.of("run.error"), "channel", "team"))
        .put(NOTICES + "/each")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    sql.statement("DROP TRIGGER IF EXISTS fails ON callback_delivery").run();
    api().delete(TASKS + "/daily?force=true");
    api().delete(NOTICES + "/each");
    channels.remove();
    sql.statement("DELETE FROM notice_sent").run();
    model.close();
  }

  @Test
  void whatFailsHalfWayIsDecidedOnOnceAfterwards() {
    for (int i = 0; i < 5; i++) {
      trigger("daily", "r" + i, Map.of());
      ended("daily", "r" + i);
    }
    sql.statement(
            """
            CREATE OR REPLACE FUNCTION fails_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'The process is lost.'; END $$
            """)
        .run();
    sql.statement(
            """
            CREATE TRIGGER fails BEFORE INSERT ON callback_delivery FOR EACH ROW
              WHEN (NEW.message LIKE '%r3%') EXECUTE FUNCTION fails_for_a_test()
            """)
        .run();
    assertThrows(DatabaseException.class, router::addDeliveries);
    assertEquals(0, number("callback_delivery WHERE notice_id IS NOT NULL"));
    assertEquals(0, number("notice_sent"));
    assertEquals(5, number("notice_event"));

    sql.statement("DROP TRIGGER fails ON callback_delivery").run();
    router.addDeliveries();
    router.addDeliveries();
    assertEquals(5, number("callback_delivery WHERE notice_id IS NOT NULL"));
    assertEquals(0, number("notice_event"));
  }

  @Test
  void severalProcessesTellEachEventOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 15; i++) {
        trigger("daily", "r" + i, Map.of());
        ended("daily", "r" + i);
        List<Future<?>> routers = new ArrayList<>();
        for (int j = 0; j < 4; j++) {
          routers.add(threads.submit(router::addDeliveries));
        }
        for (Future<?> one : routers) {
          one.get();
        }
      }
    }
    router.addDeliveries();
    assertEquals(15, number("callback_delivery WHERE notice_id IS NOT NULL"));
    assertEquals(
        15,
        number("(SELECT DISTINCT run_id FROM callback_delivery WHERE notice_id IS NOT NULL) AS d"));
  }

  private int number(String of) {
    return sql.statement("SELECT count(*) AS n FROM " + of).one(row -> row.integer("n"));
  }
}
