package dev.errand.adapters.serverless;

import static dev.errand.adapters.serverless.EventSender.RUN_ENQUEUED;
import static dev.errand.adapters.serverless.EventSender.TICK;
import static dev.errand.adapters.serverless.EventSender.send;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes between the service and the platform that delivers its events. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Issuer.class, scope = TestResourceScope.MATCHING_RESOURCES)
@WithTestResource(value = Sink.class, scope = TestResourceScope.MATCHING_RESOURCES)
class EventAnswersTest {
  private static final long PAST_HALF_OF_THE_BUDGET_MS = 5300;

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    Sink.reset();
    register("answered", "{{ n }}", model).then().statusCode(201);
  }

  @AfterEach
  void stop() throws Exception {
    Sink.reset();
    Files.writeString(Sink.TOKEN_FILE, EventSender.TOKEN);
    api().delete(TASKS + "/answered?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aTriggerIsAnsweredWhenItsEventIsTakenAndNotBefore() throws Exception {
    Files.writeString(Sink.TOKEN_FILE, "another-token-that-the-platform-made\n");
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Sink.answers =
        () -> {
          came.countDown();
          await(released);
          return 202;
        };
    CompletableFuture<Integer> answer =
        CompletableFuture.supplyAsync(
            () -> trigger("answered", "awaited", Map.of("n", "1")).statusCode());
    await(came);
    assertFalse(answer.isDone());
    released.countDown();
    assertEquals(201, answer.get());

    assertEquals(1, Sink.TAKEN.size());
    Sink.Taken taken = Sink.TAKEN.getFirst();
    assertEquals("Bearer another-token-that-the-platform-made", taken.authorization());
    assertEquals("application/cloudevents+json", taken.type());
    JsonPath event = new JsonPath(taken.body());
    assertEquals("1.0", event.getString("specversion"));
    assertEquals(RUN_ENQUEUED, event.getString("type"));
    assertTrue(event.getString("subject").matches("[0-9]+"), taken.body());
    // A known name starts nothing, so there is nothing to announce.
    trigger("answered", "awaited", Map.of("n", "1")).then().statusCode(200);
    assertEquals(1, Sink.TAKEN.size());
    assertEquals("pending", status("awaited"), "nobody works it unasked");
  }

  @Test
  void aTickFindsARunWhoseEventWasNotAccepted() {
    Sink.answers = () -> 500;
    trigger("answered", "lost", Map.of("n", "1")).then().statusCode(201);
    assertEquals("pending", status("lost"));

    send(TICK).then().statusCode(204);
    assertEquals("ready", status("lost"), "when a tick is answered, its work is done");
    assertEquals(1, model.requests().size());
  }

  @Test
  void anEventThatComesAgainOrForARunThatIsGoneIsDoneAtOnce() {
    trigger("answered", "once", Map.of("n", "1")).then().statusCode(201);
    send(RUN_ENQUEUED).then().statusCode(204);
    send(RUN_ENQUEUED).then().statusCode(204);
    send(TICK).then().statusCode(204);

    assertEquals("ready", status("once"));
    assertEquals(1, model.requests().size());
  }

  @Test
  void aProcessThatHasEnoughToDoAsksForTheEventAgain() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch askedTwice = new CountDownLatch(2);
    CountDownLatch released = new CountDownLatch(1);
    model.script(
        request -> {
          asked.countDown();
          askedTwice.countDown();
          await(released);
          return say("Done.");
        });
    trigger("answered", "long", Map.of("n", "1")).then().statusCode(201);
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(() -> send(RUN_ENQUEUED).statusCode());
    await(asked);
    // Besides the user's one place there is one for others.
    OtherUser other = OtherUser.named("beside-answered", database);
    other.register("answered", "{{ n }}", model);
    other
        .api()
        .body(Map.of("parameters", Map.of("n", "2")))
        .put(TASKS + "/answered/runs/long")
        .then()
        .statusCode(201);
    CompletableFuture<Integer> second =
        CompletableFuture.supplyAsync(() -> send(RUN_ENQUEUED).statusCode());
    await(askedTwice);
    try {
      problem(send(RUN_ENQUEUED), 503, "unavailable").then().header("Retry-After", equalTo("5"));
      // A tick may have other things to do, and leaves the runs to who has them.
      send(TICK).then().statusCode(204);
    } finally {
      released.countDown();
    }
    assertEquals(204, first.get());
    assertEquals(204, second.get());
    // On a busy machine the budget may have been spent before the release.
    Eventually.await(
        "the end",
        () -> {
          send(TICK).then().statusCode(204);
          return status("long").equals("ready");
        });
  }

  @Test
  void aRunThatExceedsTheBudgetContinuesInAnotherEvent() {
    model.script(
        request -> {
          if (request.size() > 1) {
            return say("Done.");
          }
          pause(PAST_HALF_OF_THE_BUDGET_MS);
          return call("c1", "no_such_tool", "{}");
        });
    trigger("answered", "hours", Map.of("n", "1")).then().statusCode(201);
    Sink.TAKEN.clear();
    send(RUN_ENQUEUED).then().statusCode(204);
    assertEquals("pending", status("hours"), "handed back");
    assertFalse(Sink.TAKEN.isEmpty(), "another event hands it on");
    for (Sink.Taken event : List.copyOf(Sink.TAKEN)) {
      EventSender.post(event.body(), EventSender.TOKEN).then().statusCode(204);
    }

    JsonPath run = ended("answered", "hours");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(2, run.getInt("attempt"));
    assertEquals(2, model.requests().size(), "no answer was asked for twice");
    assertEquals(List.of("tools_failed"), run.getList("warnings"), "nothing was cut off");
    assertEquals(1, run.getList("results.msg").stream().filter("call tool result"::equals).count());
  }

  @Test
  void onABufferingPlatformAStreamReturnsThePresentEventsAndSaysThatThereAreMore() {
    trigger("answered", "streamed", Map.of("n", "1")).then().statusCode(201);
    String events = TASKS + "/answered/runs/streamed/events";
    String waiting = api().accept("text/event-stream").get(events).then().extract().asString();
    assertTrue(waiting.contains("event:entry") && waiting.contains("id:0"), waiting);
    assertTrue(waiting.contains("more with Last-Event-ID"), waiting);
    send(RUN_ENQUEUED).then().statusCode(204);
    String over =
        api()
            .accept("text/event-stream")
            .get(events + "?last_event_id=0")
            .then()
            .extract()
            .asString();
    assertTrue(over.contains("id:1") && over.contains("event:end"), over);
    assertFalse(over.contains("id:0") || over.contains("more with"), over);
  }

  private static String status(String run) {
    return api()
        .get(TASKS + "/answered/runs/" + run)
        .then()
        .statusCode(200)
        .extract()
        .path("status");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES), "what is waited for has not happened");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // How long this model takes.
  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
