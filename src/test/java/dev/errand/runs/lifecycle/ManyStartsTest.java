package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.json.Json;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.lifecycle.RunPreparer.Prepared;
import dev.errand.runs.lifecycle.RunStarter.Order;
import dev.errand.runs.lifecycle.RunStarter.Start;
import dev.errand.runs.queue.NewRun;
import dev.errand.runs.task.TaskSnapshot;
import dev.errand.support.OwnTasks;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of many runs that start at once, only some are prepared together. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ManyStartsTest {
  private final ScriptedModel model = new ScriptedModel();

  @Inject RunPreparer preparer;
  @Inject OwnTasks tasks;
  @Inject Json json;

  @AfterEach
  void stop() {
    api().delete(TASKS + "/many-starts?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void shortOnesArePreparedTogether() {
    assertEquals(200, prepared("Hello").size());
  }

  @Test
  void longPromptsArePreparedUntilTheyHaveAMillionCharacters() {
    List<Prepared> prepared = prepared("y".repeat(60_000));

    long butTheLast =
        prepared.subList(0, prepared.size() - 1).stream().mapToLong(ManyStartsTest::length).sum();
    assertTrue(butTheLast < 1024 * 1024, prepared.size() + ": " + butTheLast);
    assertTrue(butTheLast + length(prepared.getLast()) >= 1024 * 1024, "and not fewer");
  }

  @Test
  void fewComparisonsWithPreviousResultsArePreparedTogether() {
    assertEquals(16, prepared("After {{ @previous.output }}").size());
  }

  private List<Prepared> prepared(String prompt) {
    register("many-starts", prompt, model).then().statusCode(201);
    TaskSnapshot task = tasks.named("many-starts");
    return preparer.prepareSome(
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    new Start(
                        task, new Order("r" + i, json.object(), null, new RunCause.Api(null), 0)))
            .toList());
  }

  private static long length(Prepared prepared) {
    NewRun run = Objects.requireNonNull(prepared.run());
    return (long) run.assignment().length() + run.firstEntry().length();
  }
}
