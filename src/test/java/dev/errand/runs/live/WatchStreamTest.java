package dev.errand.runs.live;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.errand.automation.trigger.Hooks;
import dev.errand.base.limit.ReadBudget;
import dev.errand.support.Api;
import dev.errand.support.Events;
import dev.errand.support.Events.Event;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ShortWaits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Watching a live run: no entry is lost or doubled, and no connection is held. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ShortWaits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class WatchStreamTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String OF_ADMIN = "/api/profiles/admin/default/tasks/watched/runs/";

  @TestHTTPResource URI server;
  @Inject RunWatchers watch;
  @Inject DataSource database;
  @Inject ReadBudget budget;

  private final ScriptedModel model = new ScriptedModel();
  private final Semaphore answers = new Semaphore(0);

  /** The model asks for that many tools, one by one and each when it may, and then ends. */
  @BeforeEach
  void aSlowModel() {
    askForTools(6, "{}");
    register("watched", "Hello", model, Map.of("key", "sk-1", "max_steps", 100));
  }

  private void askForTools(int steps, String arguments) {
    model.script(
        request -> {
          answers.acquireUninterruptibly();
          int step = request.size() / 2;
          return step < steps ? call("c" + step, "no_such_tool", arguments) : say("The end.");
        });
  }

  @AfterEach
  void stop() {
    answers.release(1000);
    api().delete(TASKS + "/watched?force=true");
    model.close();
    Eventually.await("no watcher left", () -> watch.watchers() == 0);
  }

  @Test
  void everyEntryIsStreamedDuringTheRunAndThenTheEnd() throws Exception {
    trigger("watched", "live", Map.of());
    try (Events events = events("live", null)) {
      assertEquals(200, events.answer().statusCode());
      assertEquals("text/event-stream", header(events, "Content-Type"));
      assertEquals("no-cache, no-store, no-transform", header(events, "Cache-Control"));
      assertEquals("no", header(events, "X-Accel-Buffering"));

      events.await(so -> so.named("entry").size() == 1);
      for (int step = 1; step <= 6; step++) {
        answers.release();
        int expected = 1 + 3 * step;
        events.await(so -> so.named("entry").size() == expected);
      }
      assertEquals(List.of(), events.named("end"));
      answers.release();
      assertTrue(events.awaitOver(), "the stream ends in good order");

      assertAll(events.all(), "live");
      JsonNode end = JSON.readTree(events.all().getLast().data());
      assertEquals("ready", end.path("status").asText());
      assertEquals("The end.", end.path("output").asText());
      assertTrue(end.path("url").asText().endsWith(Api.NAMED_TASKS + "/watched/runs/live"));
      assertTrue(end.path("results").isMissingNode());
      assertEquals(7, end.path("usage").path("steps").asInt());
    }
  }

  @Test
  void aWatcherAfterTheEndGetsAllEntriesOrTheRest() throws Exception {
    answers.release(100);
    trigger("watched", "past", Map.of());
    ended("watched", "past");
    try (Events all = events("past", null);
        Events rest = events("past", "17");
        Events nothing = events("past", "20");
        Events byAddress = Events.of(address("past", "?last_event_id=18"), null);
        Events byHeader = Events.of(address("past", "?last_event_id=2"), "18")) {
      assertTrue(all.awaitOver());
      assertAll(all.all(), "past");
      for (Events some : List.of(rest, nothing, byAddress, byHeader)) {
        assertTrue(some.awaitOver());
      }
      assertEquals(all.all().subList(18, 22), rest.all());
      assertEquals(all.all().subList(21, 22), nothing.all());
      assertEquals(all.all().subList(19, 22), byAddress.all());
      assertEquals(byAddress.all(), byHeader.all());
    }
  }

  @Test
  void aClientThatComesBackAgainAndAgainLosesNothingAndGetsNothingTwice() throws Exception {
    askForTools(40, "{}");
    trigger("watched", "torn", Map.of());
    List<Event> got = new ArrayList<>();
    String last = null;
    while (got.isEmpty() || !got.getLast().name().equals("end")) {
      // The model goes on while the client is away, while it comes and while it reads.
      answers.release();
      try (Events events = events("torn", last)) {
        answers.release();
        events.await(so -> !so.all().isEmpty());
        List<Event> some = events.all();
        got.addAll(some);
        last = some.getLast().name().equals("end") ? last : some.getLast().id();
      }
    }
    assertAll(got, "torn");
  }

  @Test
  void aHundredWatchersWaitAndHoldNoConnection() throws Exception {
    List<Events> watchers = new ArrayList<>();
    try {
      trigger("watched", "crowd", Map.of());
      for (int i = 0; i < 100; i++) {
        watchers.add(events("crowd", null));
      }
      watchers.forEach(events -> events.await(so -> so.named("entry").size() == 1));
      assertEquals(100, watch.watchers());
      // The pool has 24 connections, and a request waits for one for 5 seconds.
      for (int i = 0; i < 24; i++) {
        api().get(TASKS + "/watched/runs/crowd").then().statusCode(200);
      }
      answers.release(100);
      for (Events events : watchers) {
        assertTrue(events.awaitOver());
        assertAll(events.all(), "crowd");
      }
    } finally {
      watchers.forEach(Events::close);
    }
    Eventually.await("no watcher left", () -> watch.watchers() == 0);
  }

  @Test
  void aUserGetsHalfOfThePlaces() {
    List<Events> watchers = new ArrayList<>();
    trigger("watched", "full", Map.of());
    String other = OtherUser.named("stranger", database).session();
    api()
        .body("{\"role\": \"viewer\"}")
        .put("/api/profiles/~/default/members/stranger")
        .then()
        .statusCode(201);
    try {
      do {
        watchers.add(events("full", null));
      } while (watchers.getLast().answer().statusCode() == 200);
      watchers.removeLast().close();
      URI address = server.resolve(OF_ADMIN + "full/events");
      try (Events others = Events.of(address, null, other)) {
        assertEquals(200, others.answer().statusCode());
      }
      assertEquals(ShortWaits.WATCHERS / 2, watchers.size());
      Eventually.await("the other's end", () -> watch.watchers() == watchers.size());
      problem(api().get(TASKS + "/watched/runs/full/events"), 429, "rate_limited")
          .then()
          .header("Retry-After", "5");
      problem(api().get(TASKS + "/watched/runs/full?wait=1"), 429, "rate_limited");
      api().get(TASKS + "/watched/runs/full").then().statusCode(200);
      watchers.removeFirst().close();
      Eventually.await("a place", () -> watch.watchers() == watchers.size());
      watchers.add(events("full", null));
      assertEquals(200, watchers.getLast().answer().statusCode());
    } finally {
      watchers.forEach(Events::close);
      api().delete("/api/profiles/~/default/members/stranger");
    }
  }

  @Test
  void theSendersOfATriggerGetAThirdAndLeaveRoomForItsOwner() throws Exception {
    String url = Hooks.url("watched", "sent", "url", List.of()) + "?wait=60";
    AtomicInteger answered = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> sent = new ArrayList<>();
      for (int i = 0; i < ShortWaits.WATCHERS; i++) {
        sent.add(
            threads.submit(
                () -> {
                  Map<String, String> same = Map.of("run-id", "sent");
                  int status = Hooks.post(url, "text/plain", new byte[0], same).statusCode();
                  answered.incrementAndGet();
                  return status;
                }));
      }
      Eventually.await(
          "a place or an answer", () -> watch.watchers() + answered.get() == ShortWaits.WATCHERS);
      try (Events events = events("sent", null)) {
        assertEquals(200, events.answer().statusCode());
      }
      assertEquals(ShortWaits.WATCHERS * 2 / 3, answered.get());
      answers.release(100);
      for (Future<Integer> one : sent) {
        assertTrue(Set.of(200, 202).contains(one.get()), one.get().toString());
      }
    }
  }

  @Test
  void aStreamWithoutNewsSaysThatItIsThere() {
    trigger("watched", "quiet", Map.of());
    try (Events events = events("quiet", null)) {
      events.await(so -> so.comments() > 5);
      assertEquals(1, events.all().size());
    }
  }

  @Test
  void disconnectedClientsAreNoticed() {
    trigger("watched", "left", Map.of());
    Events events = events("left", null);
    events.await(so -> !so.all().isEmpty());
    assertEquals(1, watch.watchers());
    events.close();
    Eventually.await("no watcher left", () -> watch.watchers() == 0);
  }

  /** A client that reads nothing. */
  private Socket unread(String run) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + TASKS
                    + "/watched/runs/"
                    + run
                    + "/events HTTP/1.1\r\nHost: localhost\r\nCookie: sessionId="
                    + Api.SESSION
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void memoryIsHeldForWhatAClientHasNotReceived() throws Exception {
    askForTools(30, "{\"a\": \"" + "x".repeat(200_000) + "\"}");
    answers.release(100);
    trigger("watched", "unread", Map.of());
    assertEquals("ready", ended("watched", "unread").getString("status"));
    try (Socket _ = unread("unread")) {
      Eventually.await("the watcher", () -> watch.watchers() == 1);
      Eventually.await("memory for it", SOON, () -> budget.used() > 4 * 200_000);
    }
    Eventually.await("no watcher left", () -> watch.watchers() == 0);
    Eventually.await("nothing is held any more", () -> budget.used() == 0);
  }

  @Test
  void aClientThatReadsNothingIsCutOff() throws Exception {
    askForTools(5, "{\"a\": \"" + "x".repeat(1_000_000) + "\"}");
    answers.release(100);
    trigger("watched", "stuck", Map.of());
    assertEquals("ready", ended("watched", "stuck").getString("status"));
    try (Socket _ = unread("stuck")) {
      Eventually.await("the watcher", () -> watch.watchers() == 1);
      Eventually.await("no watcher left", () -> watch.watchers() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1.0", "1 2", "1", "99999999999999999999"})
  void anIdThatIsNoneIsRefused(String id) {
    trigger("watched", "strict", Map.of());
    problem(
            api()
                .header("Last-Event-ID", id)
                .get(TASKS + "/watched/runs/strict/events?last_event_id=0"),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("Last-Event-ID"));
  }

  @Test
  void unknownRunsHaveNoStream() {
    problem(
        api().accept("text/event-stream").get(TASKS + "/watched/runs/none/events"),
        404,
        "run_not_found");
    problem(
        api().accept("text/event-stream").get(TASKS + "/none/runs/none/events"),
        404,
        "task_not_found");
    given().get(TASKS + "/watched/runs/none/events").then().statusCode(401);
    assertEquals(0, watch.watchers());
  }

  private Events events(String run, @Nullable String lastEventId) {
    return Events.of(address(run, ""), lastEventId);
  }

  private URI address(String run, String query) {
    return server.resolve(TASKS + "/watched/runs/" + run + "/events" + query);
  }

  private static String header(Events events, String name) {
    return events.answer().headers().firstValue(name).orElse("");
  }

  /** The events are the run's entries in order, with their numbers, and the end. */
  private static void assertAll(List<Event> events, String run) throws JsonProcessingException {
    JsonNode results =
        JSON.readTree(api().get(TASKS + "/watched/runs/" + run).asString()).path("results");
    ArrayNode entries = JSON.createArrayNode();
    for (Event event : events.subList(0, events.size() - 1)) {
      assertEquals("entry", event.name());
      assertEquals(Integer.toString(entries.size()), event.id());
      entries.add(JSON.readTree(event.data()));
    }
    assertEquals(results, entries);
    assertEquals("end", events.getLast().name());
    assertEquals("", events.getLast().id());
    assertTrue(JSON.readTree(events.getLast().data()).path("results").isMissingNode());
  }
}
