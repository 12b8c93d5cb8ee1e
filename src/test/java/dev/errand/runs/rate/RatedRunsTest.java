package dev.errand.runs.rate;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to a model wait for their turn instead of being refused. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RatedRunsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Inject DataSource database;
  @Inject Sql sql;
  @Inject RateLine line;

  private final ScriptedModel model = new ScriptedModel();
  // When each request came, in nanoseconds, and whose it was.
  private final List<Long> times = java.util.Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentLinkedQueue<String> prompts = new ConcurrentLinkedQueue<>();
  private final String key = "sk-of-a-test-" + UUID.randomUUID();
  private OtherUser user;

  @BeforeEach
  void aUser() {
    user = other();
    model.script(
        request -> {
          note(request);
          return say("Done.");
        });
  }

  private OtherUser other() {
    return OtherUser.named("rated-" + UUID.randomUUID(), database);
  }

  private void note(ScriptedModel.Request request) {
    times.add(System.nanoTime());
    prompts.add(request.body().path("messages").path(0).path("content").asText());
  }

  @AfterEach
  void stop() {
    model.close();
    sql.statement("DELETE FROM model_rate").run();
  }

  @Test
  void requestsAreSpacedByTheGivenRate() {
    provider(user, key, Map.of("requests_per_minute", 300));
    task(user, "spaced", "Hello", Map.of());
    for (int i = 0; i < 12; i++) {
      start(user, "spaced", "r" + i);
    }
    for (int i = 0; i < 12; i++) {
      JsonPath run = ended(user, "spaced", "r" + i);
      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals(List.of(), run.getList("warnings"), run.prettify());
    }
    assertEquals(12, times.size());
    // Five in a second, each 0.203 s after the one before.
    Duration all = Duration.ofNanos(times.getLast() - times.getFirst());
    assertTrue(all.toMillis() > 2000, all::toString);
    assertTrue(all.toMillis() < 12_000, all::toString);
    for (int i = 0; i + 6 < times.size(); i++) {
      long span = times.get(i + 6) - times.get(i);
      assertTrue(span > 900_000_000, () -> "7 requests in " + Duration.ofNanos(span));
    }
  }

  @Test
  void aServerThatRefusesWhatIsBeyondItsRateRefusesNothing() {
    // 600 a minute, of which it allows those of a second at once.
    double[] left = {10};
    long[] last = {System.nanoTime()};
    AtomicInteger refused = new AtomicInteger();
    model.script(
        request -> {
          synchronized (left) {
            note(request);
            long now = System.nanoTime();
            left[0] = Math.min(10, left[0] + (now - last[0]) / 1e8);
            last[0] = now;
            if (left[0] < 1) {
              refused.incrementAndGet();
              return error(429, "rate_limit_exceeded", "Slow down.");
            }
            left[0]--;
            return say("Done.");
          }
        });
    provider(user, key, Map.of("requests_per_minute", 600));
    task(user, "all", "Hello", Map.of());
    int runs = 100;
    for (int i = 0; i < runs; i++) {
      start(user, "all", "r" + i);
    }
    for (int i = 0; i < runs; i++) {
      assertEquals("ready", ended(user, "all", "r" + i).getString("status"));
    }
    double took = (times.getLast() - times.getFirst()) / 1e9;
    System.out.printf(
        "%d runs at 600 a minute: refused %d, took %.1f s; evenly spaced %.1f s%n",
        runs, refused.get(), took, (runs - 1) / 10.0);
    // None, but where this machine stands still for a second.
    assertTrue(refused.get() <= runs / 5, "refused: " + refused.get());
  }

  @Test
  void aRunThatWaitsSaysSoAndHoldsNoPlace() {
    provider(user, key, Map.of("requests_per_minute", 6));
    task(user, "waits", "Hello", Map.of());
    start(user, "waits", "first");
    ended(user, "waits", "first");
    start(user, "waits", "second");
    Eventually.await(
        "a run that waits", LONG, () -> look(user, "waits", "second").get("waiting_for") != null);
    JsonPath waiting = look(user, "waits", "second");
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals("rate", waiting.getString("waiting_for.kind"), waiting.prettify());
    assertFalse(waiting.getString("waiting_for.since").isEmpty());
    assertFalse(waiting.getString("waiting_for.until").isEmpty());
    assertEquals(1, times.size());

    // A change holds at once, for those who wait, too.
    provider(user, key, Map.of("requests_per_minute", 6000));
    JsonPath run = ended(user, "waits", "second");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertNull(run.get("waiting_for"));
  }

  @Test
  void anIntervalOfNothingHoldsNobodyUp() {
    provider(user, key, null);
    task(user, "zero", "Hello", Map.of());
    model.script(request -> error(429, "rate_limit_exceeded", "Slow down."));
    start(user, "zero", "refused");
    Eventually.await("a rate that is known", LONG, () -> count("model_rate") > 0);
    // As a version before this stored it.
    sql.statement(
            """
            UPDATE model_rate SET tokens_interval = 0, requests_interval = 0,
              learned_until = now() + interval '10 minutes'
            """)
        .run();
    model.script(request -> say("Done."));
    for (int i = 0; i < 3; i++) {
      start(user, "zero", "r" + i);
      JsonPath run = ended(user, "zero", "r" + i);
      assertEquals("ready", run.getString("status"), run.prettify());
    }
  }

  @Test
  void noMoreCallsAtOnceThanGiven() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    model.script(
        request -> {
          note(request);
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          pause(100);
          now.decrementAndGet();
          return request.size() == 1 ? call("c", "none", "{}") : say("Done.");
        });
    provider(user, key, Map.of("concurrency", 2));
    task(user, "at-once", "Hello", Map.of());
    for (int i = 0; i < 8; i++) {
      start(user, "at-once", "r" + i);
    }
    for (int i = 0; i < 8; i++) {
      assertEquals("ready", ended(user, "at-once", "r" + i).getString("status"));
    }
    assertEquals(16, times.size());
    assertTrue(most.get() <= 2, () -> "at once: " + most);
    Eventually.await("no call", () -> count("rate_hold") == 0);
    assertEquals(0, count("rate_wait"));
  }

  @Test
  void aUserWithManyRunsDoesNotHoldUpTheFirstOfAnother() {
    provider(user, key, Map.of("requests_per_minute", 120));
    task(user, "many", "Many", Map.of());
    OtherUser second = other();
    provider(second, key, Map.of("requests_per_minute", 120));
    task(second, "one", "One", Map.of());
    for (int i = 0; i < 20; i++) {
      start(user, "many", "r" + i);
    }
    Eventually.await("runs that wait", LONG, () -> count("rate_wait") > 10);
    int before = times.size();
    start(second, "one", "r");
    ended(second, "one", "r");
    int place = List.copyOf(prompts).indexOf("One") - before;
    assertTrue(place <= 6, () -> "place " + place + " of " + prompts);
    cancel(user, "many", 20);
  }

  @Test
  void profilesOfOneUserTakeTurns() {
    provider(user, key, Map.of("requests_per_minute", 120));
    task(user, "many", "Many", Map.of());
    user.api().body("{}").post("/api/profiles/~/other").then().statusCode(201);
    String tasks = TASKS.replace("/default/", "/other/");
    user.api()
        .body(Map.of("runner", "openai", "openai", settings("One"), "provider", "~/limited"))
        .put(tasks + "/one")
        .then()
        .statusCode(201);
    for (int i = 0; i < 20; i++) {
      start(user, "many", "r" + i);
    }
    Eventually.await("runs that wait", LONG, () -> count("rate_wait") > 10);
    int before = times.size();
    user.api().body("{}").put(tasks + "/one/runs/r").then().statusCode(201);
    Eventually.await("its request", LONG, () -> prompts.contains("One"));
    int place = List.copyOf(prompts).indexOf("One") - before;
    assertTrue(place <= 6, () -> "place " + place + " of " + prompts);
    cancel(user, "many", 20);
  }

  @Test
  void aRefusalSlowsAllWhoUseTheKeyAndNobodyElse() {
    OtherUser same = other();
    OtherUser another = other();
    Map<String, Long> refusedUntil = new ConcurrentHashMap<>();
    Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
    model.script(
        request -> {
          note(request);
          String asked = request.authorization();
          if (asked.endsWith(key)) {
            Long until =
                refusedUntil.computeIfAbsent(asked, _ -> System.nanoTime() + 4_000_000_000L);
            if (System.nanoTime() < until) {
              refused.computeIfAbsent(asked, _ -> new AtomicInteger()).incrementAndGet();
              return error(429, "rate_limit_exceeded", "Slow down.").with("retry-after", "4");
            }
          }
          return say("Done.");
        });
    for (OtherUser one : List.of(user, same)) {
      provider(one, key, null);
      task(one, "t", "Hello", Map.of());
    }
    provider(another, key + "-2", null);
    task(another, "t", "Other", Map.of());
    start(user, "t", "met");
    Eventually.await("a refusal", () -> !refused.isEmpty());
    Eventually.await("a pause", () -> count("model_rate") > 0);
    for (int i = 0; i < 5; i++) {
      start(same, "t", "r" + i);
    }
    start(another, "t", "r");
    assertEquals("ready", ended(another, "t", "r").getString("status"));
    Eventually.await(
        "a run that waits", LONG, () -> look(same, "t", "r0").get("waiting_for") != null);
    assertEquals("rate", look(same, "t", "r0").getString("waiting_for.kind"));
    for (int i = 0; i < 5; i++) {
      JsonPath run = ended(same, "t", "r" + i);
      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals(List.of(), run.getList("warnings"), run.prettify());
    }
    assertEquals("ready", ended(user, "t", "met").getString("status"));
    assertEquals(
        1, Objects.requireNonNull(refused.get("Bearer " + key)).get(), "only the first is refused");
  }

  @Test
  void whatIsNoRateSlowsNobody() {
    model.script(
        request -> {
          note(request);
          return error(429, "insufficient_quota", "You exceeded your current quota.");
        });
    provider(user, key, null);
    task(user, "quota", "Hello", Map.of("max_attempts", 1));
    start(user, "quota", "r");
    assertEquals("quota_exceeded", ended(user, "quota", "r").getString("error.code"));
    assertEquals(0, count("model_rate"));
  }

  @Test
  void aFullTierSlowsNobody() {
    model.script(
        request -> {
          note(request);
          return request.body().has("service_tier")
              ? error(429, "resource_unavailable", "Flex has no capacity.")
              : say("Done.");
        });
    provider(user, key, null);
    Map<String, Object> settings = settings("Hello");
    settings.put("service_tier", "flex");
    user.api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                settings,
                "provider",
                "~/limited",
                "settings",
                Map.of("service_tier_fallback", true)))
        .put(TASKS + "/tier")
        .then()
        .statusCode(201);
    start(user, "tier", "r");
    assertEquals("ready", ended(user, "tier", "r").getString("status"));
    assertEquals(0, count("model_rate"));
  }

  @Test
  void withoutARateNothingIsWritten() {
    provider(user, key, null);
    task(user, "free", "Hello", Map.of());
    start(user, "free", "r");
    assertEquals("ready", ended(user, "free", "r").getString("status"));
    assertEquals(0, count("model_rate"));
  }

  @Test
  void theCallOfALostProcessIsFreed() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    model.script(
        request -> {
          note(request);
          sent.countDown();
          await(answered);
          return say("Done.");
        });
    provider(user, key, Map.of("concurrency", 1));
    task(user, "lost", "Hello", Map.of());
    start(user, "lost", "r");
    await(sent);
    start(user, "lost", "next");
    Eventually.await("a run that waits", LONG, () -> count("rate_wait") > 0);
    // As if another process had held it, and its run had been rescued and ended since.
    sql.statement(
            """
            UPDATE rate_hold SET run_id = -1, held_at = now() - interval '1 minute'
            WHERE run_id IN (SELECT run.id FROM run JOIN task ON task.id = task_id WHERE task.name = 'lost')
            """)
        .run();
    Eventually.await("the request of the next", LONG, () -> times.size() == 2);
    answered.countDown();
    assertEquals("ready", ended(user, "lost", "next").getString("status"));
  }

  @Test
  void tokensAreCountedByWhatAnswersUsed() {
    model.script(
        request -> {
          note(request);
          return new Answer(
              200, say("Done.").body().replace("\"total_tokens\":15", "\"total_tokens\":10000"));
        });
    provider(user, key, Map.of("tokens_per_minute", 60_000));
    task(user, "tokens", "Hello", Map.of());
    int runs = 0;
    while (runs < 20) {
      String run = "r" + runs++;
      start(user, "tokens", run);
      Eventually.await(
          "its end or wait",
          LONG,
          () ->
              look(user, "tokens", run).get("waiting_for") != null
                  || look(user, "tokens", run).getString("status").equals("ready"));
      if (look(user, "tokens", run).get("waiting_for") != null) {
        break;
      }
    }
    int asked = times.size();
    // The longest answer is counted until it came: 16,384 tokens.
    assertTrue(asked >= 3 && asked <= 8, () -> "asked " + asked);
    assertEquals(runs - 1, asked);
    provider(user, key, Map.of("tokens_per_minute", 60_000_000));
    assertEquals("ready", ended(user, "tokens", "r" + (runs - 1)).getString("status"));
  }

  @Test
  void whatTheServerSaysIsKeptToWhenLittleIsLeft() {
    model.script(
        request -> {
          note(request);
          return say("Done.")
              .with("x-ratelimit-limit-requests", "100")
              .with("x-ratelimit-remaining-requests", "5")
              .with("x-ratelimit-reset-requests", "19s");
        });
    provider(user, key, null);
    task(user, "told", "Hello", Map.of());
    start(user, "told", "first");
    ended(user, "told", "first");
    Eventually.await("what was told", LONG, () -> count("model_rate") > 0);
    for (int i = 0; i < 9; i++) {
      start(user, "told", "r" + i);
    }
    for (int i = 0; i < 9; i++) {
      assertEquals("ready", ended(user, "told", "r" + i).getString("status"));
    }
    Duration all = Duration.ofNanos(times.getLast() - times.get(1));
    // Five are given back in a second.
    assertTrue(all.toMillis() > 1400, all::toString);
  }

  @Test
  void whatTheServerSaysIsNotNotedWhileMuchIsLeft() {
    model.script(
        request ->
            say("Done.")
                .with("x-ratelimit-limit-requests", "100")
                .with("x-ratelimit-remaining-requests", "50")
                .with("x-ratelimit-reset-requests", "19s"));
    provider(user, key, null);
    task(user, "much", "Hello", Map.of());
    start(user, "much", "r");
    ended(user, "much", "r");
    assertEquals(0, count("model_rate"));
  }

  @Test
  void aRateIsCheckedAndShown() {
    provider(user, key, Map.of("requests_per_minute", 60, "concurrency", 4));
    JsonPath shown = user.api().get("/api/users/~/providers/limited").jsonPath();
    assertEquals(60, shown.getInt("rate.requests_per_minute"), shown.prettify());
    assertEquals(4, shown.getInt("rate.concurrency"));
    assertNull(shown.get("rate.tokens_per_minute"));
    provider(user, key, null);
    assertNull(user.api().get("/api/users/~/providers/limited").jsonPath().get("rate"));
    JsonPath refused =
        user.api()
            .body(
                Map.of(
                    "runner",
                    "openai",
                    "openai",
                    Map.of("model", "gpt-4o"),
                    "rate",
                    Map.of("requests_per_minute", 0, "concurrency", -1)))
            .put("/api/users/~/providers/limited")
            .then()
            .statusCode(400)
            .extract()
            .jsonPath();
    assertEquals(
        List.of("rate.requests_per_minute", "rate.concurrency"),
        refused.getList("errors.field"),
        refused.prettify());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long count(String table) {
    return sql.statement("SELECT count(*) AS rows FROM " + table).one(row -> row.number("rows"));
  }

  private Map<String, Object> settings(String prompt) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("prompt", prompt);
    return settings;
  }

  private void provider(OtherUser of, String itsKey, @Nullable Map<String, Object> rate) {
    Map<String, Object> body = new HashMap<>();
    body.put("runner", "openai");
    body.put("openai", Map.of("model", "gpt-4o", "base_url", model.url()));
    body.put("settings", Map.of("key", itsKey));
    if (rate != null) {
      body.put("rate", rate);
    }
    int status = of.api().body(body).put("/api/users/~/providers/limited").statusCode();
    assertTrue(status == 200 || status == 201, () -> "status " + status);
  }

  private void task(OtherUser of, String task, String prompt, Map<String, Object> taskSettings) {
    Map<String, Object> body = new HashMap<>();
    body.put("runner", "openai");
    body.put("openai", settings(prompt));
    body.put("provider", "~/limited");
    Map<String, Object> all = new HashMap<>(taskSettings);
    all.put("concurrency", 100);
    body.put("settings", all);
    of.api().body(body).put(TASKS + "/" + task).then().statusCode(201);
  }

  private void start(OtherUser of, String task, String run) {
    of.api().body("{}").put(TASKS + "/" + task + "/runs/" + run).then().statusCode(201);
  }

  private void cancel(OtherUser of, String task, int runs) {
    for (int i = 0; i < runs; i++) {
      of.api().post(TASKS + "/" + task + "/runs/r" + i + "/cancel");
    }
  }

  private JsonPath look(OtherUser of, String task, String run) {
    return of.api().get(TASKS + "/" + task + "/runs/" + run).jsonPath();
  }

  private JsonPath ended(OtherUser of, String task, String run) {
    Eventually.await(
        "the end of " + run,
        LONG,
        () -> !look(of, task, run).getString("status").matches("pending|running"));
    return look(of, task, run);
  }
}
