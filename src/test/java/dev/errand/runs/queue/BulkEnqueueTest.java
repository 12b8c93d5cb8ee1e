package dev.errand.runs.queue;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.lifecycle.RunStarter.Begun;
import dev.errand.runs.lifecycle.RunStarter.Start;
import dev.errand.runs.queue.RunStatuses.RunKey;
import dev.errand.runs.task.TaskSnapshot;
import dev.errand.runs.worker.TwoWorkersTest;
import dev.errand.support.OwnTasks;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that are started together come to what each would by itself. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class BulkEnqueueTest {
  private static final Instant MEANT = Instant.parse("2026-11-24T13:00:00.250Z");

  private final ScriptedModel model = new ScriptedModel();

  @Inject OwnTasks tasks;
  @Inject RunStarter trigger;
  @Inject RunArchive archive;
  @Inject Event<RunEnqueued> enqueued;
  @Inject Event<SlotsChanged> slotsChanged;
  @Inject Sql sql;

  @AfterEach
  void stop() {
    api().delete(TASKS + "/batch?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void eachIsStartedOrKnownOrRefusedByItself() {
    TaskSnapshot task = task("Say {{ word }}", Map.of("key", "sk-a-key-for-tests-1234"));
    trigger.start(task, order("known", "hi", null));

    List<Begun> begun =
        trigger.startSome(
            List.of(
                new Start(task, order("one", "hi", MEANT)),
                new Start(task, order("known", "ho", null)),
                new Start(task, order("unfit", null, null)),
                new Start(task, order("two", "\"'{}\\,\n", null))));

    assertEquals(List.of(true, false, false, true), begun.stream().map(Begun::started).toList());
    assertEquals(
        ErrorCode.MISSING_PARAMETERS, Objects.requireNonNull(begun.get(2).refusal()).code());
    assertNull(begun.get(1).refusal());
    Run one = archive.find(task.id(), "one").orElseThrow();
    assertEquals(MEANT, one.scheduledAt());
    assertEquals(MEANT, one.meantFor());
    assertEquals("{\"kind\":\"test\"}", one.trigger());
    assertEquals(3, one.depth());
    Run two = archive.find(task.id(), "two").orElseThrow();
    assertNull(two.scheduledAt());
    assertTrue(archive.entries(two.id()).getFirst().contains("Say \\\"'{}\\\\,\\n"));
    assertEquals(1, archive.entries(one.id()).size());
    assertEquals(3, runs(task));
  }

  @Test
  void ofRunsThatMayNotOverlapOneIsStarted() {
    TaskSnapshot task =
        task("Say {{ word }}", Map.of("key", "sk-a-key-for-tests-1234", "overlap", "skip"));

    List<Begun> begun =
        trigger.startSome(
            List.of(
                new Start(task, order("one", "hi", null)),
                new Start(task, order("two", "hi", null))));

    assertEquals(1, begun.stream().filter(Begun::started).count());
    assertEquals(
        List.of(ErrorCode.RUN_OVERLAPS),
        begun.stream()
            .flatMap(of -> Stream.ofNullable(of.refusal()))
            .map(refusal -> refusal.code())
            .toList());
  }

  @Test
  void noMoreAreEnqueuedThanTheProfileMayHave() {
    TaskSnapshot task = task("Say {{ word }}", Map.of("key", "sk-a-key-for-tests-1234"));
    long queued = queued(task);
    BulkEnqueue bulk =
        new BulkEnqueue(
            sql, new QueueBound(sql, new AtMost((int) queued + 5)), enqueued, slotsChanged);
    List<NewRun> runs =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    new NewRun(
                        task.id(),
                        task.profile().id(),
                        "r" + i,
                        "{}",
                        "{}",
                        "{}",
                        0,
                        false,
                        null,
                        "{}",
                        null))
            .toList();

    Map<RunKey, Enqueued> came = bulk.enqueue(runs);

    assertEquals(8, came.size());
    assertEquals(5, came.values().stream().filter(of -> of == Enqueued.STARTED).count());
    assertEquals(3, came.values().stream().filter(of -> of == Enqueued.FULL).count());
    assertEquals(5, runs(task));
    assertEquals(
        List.of(Enqueued.FULL),
        List.copyOf(
            bulk.enqueue(
                    List.of(
                        new NewRun(
                            task.id(),
                            task.profile().id(),
                            "x",
                            "{}",
                            "{}",
                            "{}",
                            0,
                            false,
                            null,
                            "{}",
                            null)))
                .values()));
  }

  private long queued(TaskSnapshot task) {
    return sql.statement(RunStatements.QUEUED)
        .with("profile_id", task.profile().id())
        .with("bound", 1_000_000)
        .one(row -> row.number("runs"));
  }

  private TaskSnapshot task(String prompt, Map<String, Object> settings) {
    register("batch", prompt, model, settings).then().statusCode(201);
    return tasks.named("batch");
  }

  private static RunStarter.Order order(
      String name, @Nullable String word, @Nullable Instant scheduledAt) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    if (word != null) {
      parameters.put("word", word);
    }
    return new RunStarter.Order(
        name,
        parameters,
        null,
        new RunCause.Unknown("test", "{\"kind\":\"test\"}"),
        3,
        scheduledAt,
        null,
        null);
  }

  private record AtMost(int queuedPerProfile) implements RunConfig {
    @Override
    public Duration retention() {
      return Duration.ofDays(30);
    }
  }

  private int runs(TaskSnapshot task) {
    return archive
        .list(task.id(), EnumSet.allOf(RunStatus.class), Long.MAX_VALUE, 10, true, Long.MAX_VALUE)
        .rows()
        .items()
        .size();
  }
}
