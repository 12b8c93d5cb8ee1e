package dev.errand.runs.live;

import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ReadBudget;
import dev.errand.base.turn.RequestPools;
import dev.errand.identity.auth.LongRequests;
import dev.errand.runs.entry.EntryCopy;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.EntryPages;
import dev.errand.runs.history.EntryReader;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunDelta;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.worker.TwoWorkersTest;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Two processes watch one run: the one that works it, and another on the same database. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class RunWatchersTest {
  private static final Duration A_WHILE = Duration.ofSeconds(60);
  private static final String ELSEWHERE = "errand-elsewhere";
  private static final LongRequestPlaces.Holder WATCHER =
      LongRequestPlaces.Holder.user(UUID.randomUUID());
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @Inject RunWatchers here;
  @Inject LongRequests requests;
  @Inject RequestPools pools;
  @Inject ReadBudget budget;
  @Inject RunQueue queue;
  @Inject DeltaPublisher deltas;
  @Inject DataSource database;
  @Inject Json json;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.username")
  String username;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  private final ScriptedModel model = new ScriptedModel();
  private RunWatchers elsewhere;
  private Claim claim;
  private RunJournal journal;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void aClaimedRunAndASecondProcess() {
    PGSimpleDataSource own = new PGSimpleDataSource();
    own.setUrl(url);
    own.setUser(username);
    own.setPassword(password);
    own.setApplicationName(ELSEWHERE);
    elsewhere =
        new RunWatchers(
            new EntryPages(new Sql(own), new EntryReader(new Sql(own), pools)),
            own,
            new TestWatchConfig(Duration.ofHours(1)),
            requests);
    register("shared", "Hello", model);
    trigger("shared", "run-" + NUMBER.incrementAndGet(), Map.of());
    claim = queue.claim(1, Duration.ofMinutes(5)).getFirst();
    journal = new RunJournal(queue, claim);
  }

  @AfterEach
  void stop() throws InterruptedException {
    queue.finish(
        claim,
        NewEntries.withoutWarnings(List.of()),
        new RunEnd(RunStatus.READY, null, "", false, null, null, null, "{}"));
    elsewhere.stop(new ShutdownEvent());
    threads.shutdownNow();
    model.close();
  }

  @Test
  void bothSeeWhatOneOfThemWrites() throws InterruptedException {
    try (WatchSubscription near = here.watch(claim.runId(), WATCHER);
        WatchSubscription far = elsewhere.watch(claim.runId(), WATCHER)) {
      for (WatchSubscription subscription : List.of(near, far)) {
        assertEquals(1, subscription.page(0).orElseThrow().entries().size());
      }
      journal.append(NewEntries.withoutWarnings(List.of("{\"a\":1}", "{\"a\":2}")), null);
      for (WatchSubscription subscription : List.of(near, far)) {
        assertEquals(List.of("{\"a\":1}", "{\"a\":2}"), awaitEntries(subscription, 1, 2));
        assertFalse(subscription.page(3).orElseThrow().isLast());
      }
      journal.append(NewEntries.withoutWarnings(List.of("{\"a\":3}")), null);
      for (WatchSubscription subscription : List.of(near, far)) {
        assertEquals(List.of("{\"a\":3}"), awaitEntries(subscription, 3, 1));
      }
    }
  }

  @Test
  void theOtherOneLooksOnWhenItsConnectionBreaks() throws Exception {
    try (WatchSubscription far = elsewhere.watch(claim.runId(), WATCHER)) {
      awaitEntries(far, 0, 1);
      Eventually.await("the connection of the poller", () -> breakConnections() > 0);
      journal.append(NewEntries.withoutWarnings(List.of("{\"a\":1}")), null);
      assertEquals(List.of("{\"a\":1}"), awaitEntries(far, 1, 1));
    }
  }

  @Test
  void longRunsComeInPagesAndTheBeginningOfAFirstEntryHoweverLargeItIs()
      throws InterruptedException {
    String large = "{\"a\":\"" + "é".repeat(300_000) + "\"}";
    String half = "{\"a\":\"" + "e".repeat(200_000) + "\"}";
    journal.append(NewEntries.withoutWarnings(List.of(large, half, half, half)), null);
    List<String> small = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      small.add("{\"a\":" + i + "}");
    }
    journal.append(NewEntries.withoutWarnings(small), null);
    List<String> read = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    try (WatchSubscription near = here.watch(claim.runId(), WATCHER);
        WatchSubscription other = here.watch(claim.runId(), WATCHER)) {
      while (read.size() < 255) {
        EntryPage page = near.page(read.size()).orElseThrow();
        assertEquals(page, other.page(read.size()).orElseThrow(), "what is read serves both");
        read.addAll(page.entries());
        sizes.add(page.entries().size());
      }
      assertEquals(small.subList(200, 250), other.page(205).orElseThrow().entries());
    }
    String beginning = "é".repeat(EntryCopy.LONGEST_TEXT) + "…";
    assertEquals("{\"a\":\"" + beginning + "\",\"bytes\":600008}", read.get(1), "it is large");
    assertEquals(List.of(half, half, half), read.subList(2, 5));
    assertEquals(small, read.subList(5, 255));
    assertEquals(List.of(2, 2, 100, 100, 51), sizes);
  }

  @Test
  void bothWatchersGetTheTextOfTheModelInOrder() throws InterruptedException {
    String text = "Grüße, 世界 😀! \"\n\0\\".repeat(700);
    try (WatchSubscription near = here.watch(claim.runId(), WATCHER);
        WatchSubscription far = elsewhere.watch(claim.runId(), WATCHER)) {
      awaitListening(far);
      near.takeDelta();
      for (int i = 0; i < text.length(); i += 7) {
        // Seven characters now and then end in the middle of a pair.
        deltas.publish(claim.runId(), text.substring(i, Math.min(i + 7, text.length())));
      }
      for (WatchSubscription subscription : List.of(near, far)) {
        assertEquals(text, awaitText(subscription, text.length()));
      }
    }
  }

  @Test
  void aRestartedMessageReplacesItsText() throws InterruptedException {
    try (WatchSubscription near = here.watch(claim.runId(), WATCHER);
        WatchSubscription far = elsewhere.watch(claim.runId(), WATCHER)) {
      awaitListening(far);
      near.takeDelta();
      deltas.publish(claim.runId(), "So far");
      deltas.restart(claim.runId());
      deltas.publish(claim.runId(), "Anew");
      assertEquals(Optional.of(new RunDelta(claim.runId(), "Anew", true)), near.takeDelta());
      StringBuilder text = new StringBuilder();
      while (!text.toString().equals("Anew")) {
        assertTrue(far.await(A_WHILE));
        far.takeDelta()
            .ifPresent(
                delta -> {
                  text.setLength(delta.restart() ? 0 : text.length());
                  text.append(delta.text());
                });
      }
    }
  }

  @Test
  void aLateWatcherGetsTheBeginningOfTheMessage() throws InterruptedException {
    deltas.publish(claim.runId(), "What was ");
    deltas.publish(claim.runId(), "written");
    try (WatchSubscription late = here.watch(claim.runId(), WATCHER)) {
      deltas.publish(claim.runId(), " before");
      assertEquals(
          Optional.of(new RunDelta(claim.runId(), "What was written before", true)),
          late.takeDelta());
      deltas.publish(claim.runId(), ".");
      assertEquals(Optional.of(new RunDelta(claim.runId(), ".", false)), late.takeDelta());
      journal.append(
          NewEntries.withoutWarnings(List.of("{\"a\":\"What was written before.\"}")), null);
    }
    try (WatchSubscription later = here.watch(claim.runId(), WATCHER)) {
      assertEquals(Optional.empty(), later.takeDelta());
    }
    deltas.publish(claim.runId(), "x".repeat(100_000) + "end");
    try (WatchSubscription later = here.watch(claim.runId(), WATCHER)) {
      String text = later.takeDelta().orElseThrow().text();
      assertTrue(text.startsWith("…x") && text.endsWith("end") && text.length() < 64 * 1024);
    }
    deltas.over(claim.runId());
    try (WatchSubscription later = here.watch(claim.runId(), WATCHER)) {
      assertEquals(Optional.empty(), later.takeDelta());
    }
  }

  @Test
  void textThatIsInAnEntryIsNotSentAgain() throws InterruptedException {
    try (WatchSubscription near = here.watch(claim.runId(), WATCHER)) {
      deltas.publish(claim.runId(), "The whole message");
      journal.append(NewEntries.withoutWarnings(List.of("{\"a\":\"The whole message\"}")), null);
      assertEquals(Optional.empty(), near.takeDelta());
      deltas.publish(claim.runId(), "The next");
      assertEquals(Optional.of(new RunDelta(claim.runId(), "The next", false)), near.takeDelta());
    }
  }

  @Test
  void aClientThatDoesNotReadBuffersBoundedText() {
    try (WatchSubscription near = here.watch(claim.runId(), WATCHER)) {
      for (int i = 0; i < 1000; i++) {
        deltas.publish(claim.runId(), "x".repeat(1000));
      }
      assertTrue(near.takeDelta().orElseThrow().text().length() <= 64 * 1024);
    }
  }

  @Test
  void aProcessThatStopsSendsItsWatchersAway() throws Exception {
    WatchSubscription far = elsewhere.watch(claim.runId(), WATCHER);
    Future<List<OutboundSseEvent>> streamed = threads.submit(() -> stream(A_WHILE));
    Eventually.await("both", () -> elsewhere.watchers() == 2);
    Future<?> stopped =
        threads.submit(
            () -> {
              elsewhere.stop(new ShutdownEvent());
              return null;
            });
    Eventually.await("the stop", () -> !awaits(far));
    far.close();
    stopped.get();
    assertEquals(0, elsewhere.watchers());
    assertFalse(named(streamed.get()).contains("end"));
    assertThrows(ApiException.class, () -> elsewhere.watch(claim.runId(), WATCHER));
  }

  @Test
  void aStreamEndsAfterItsTimeAndTheClientMayComeBack() {
    List<OutboundSseEvent> events = stream(Duration.ofMillis(200));
    assertEquals(List.of("entry"), named(events));
    assertEquals(1000, events.getFirst().getReconnectDelay());
    assertEquals(0, elsewhere.watchers());
  }

  private List<OutboundSseEvent> stream(Duration longest) {
    return new EventStream(
            elsewhere.watch(claim.runId(), WATCHER),
            budget.open("admin"),
            0,
            new TestWatchConfig(longest),
            new SseImpl(),
            new JsonEvents(json, "http://localhost/"),
            Optional::empty,
            () -> {})
        .begin()
        .subscribe()
        .asStream()
        .toList();
  }

  private static List<String> named(List<OutboundSseEvent> events) {
    return events.stream().map(OutboundSseEvent::getName).filter(Objects::nonNull).toList();
  }

  private static boolean awaits(WatchSubscription subscription) {
    try {
      return subscription.await(Duration.ofMillis(10));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> awaitEntries(WatchSubscription subscription, int from, int wanted)
      throws InterruptedException {
    List<String> entries = subscription.page(from).orElseThrow().entries();
    while (entries.size() < wanted) {
      assertTrue(subscription.await(A_WHILE));
      entries = subscription.page(from).orElseThrow().entries();
    }
    return entries;
  }

  private static String awaitText(WatchSubscription subscription, int length)
      throws InterruptedException {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      subscription.takeDelta().ifPresent(delta -> text.append(delta.text()));
      if (text.length() < length) {
        assertTrue(subscription.await(A_WHILE));
      }
    }
    return text.toString();
  }

  /** Waits until what is told by NOTIFY reaches that watcher. */
  private void awaitListening(WatchSubscription far) {
    Eventually.await(
        "the poller",
        () -> {
          deltas.publish(claim.runId(), "?");
          awaits(far);
          return far.takeDelta().isPresent();
        });
    // What was published while nobody listened is told before anything that is published later.
    deltas.restart(claim.runId());
    Eventually.await(
        "the restart",
        () -> {
          awaits(far);
          return far.takeDelta().filter(RunDelta::restart).isPresent();
        });
  }

  private int breakConnections() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet ended =
            statement.executeQuery(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE application_name = '"
                    + ELSEWHERE
                    + "' AND wait_event_type = 'Client'")) {
      ended.next();
      return ended.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
