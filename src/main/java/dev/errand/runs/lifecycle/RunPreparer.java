package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Traces;
import dev.errand.base.json.Json;
import dev.errand.base.limit.WorkMemory;
import dev.errand.runs.entry.RunCauseCodec;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.lifecycle.RunStarter.Order;
import dev.errand.runs.prompt.BuiltInValues;
import dev.errand.runs.queue.NewRun;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.TaskPreparations;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the order of a run and makes its row: prompt rendered, settings fixed, cause kept. */
@Singleton
class RunPreparer {
  // The most characters of JSON that several runs take together, but for the last one.
  private static final int MOST_CHARACTERS = 1024 * 1024;
  // Their previous results are read as trees.
  private static final int MOST_COMPARING = 16;
  // Then the caller decides whether it goes on.
  private static final long LONGEST_NANOS = Duration.ofMillis(250).toNanos();

  private final TaskPreparations tasks;
  private final StartValues values;
  private final RunEntryCodec entries;
  private final RunCauseCodec causes;
  private final Json json;
  private final Traces traces;

  RunPreparer(
      TaskPreparations tasks,
      StartValues values,
      RunEntryCodec entries,
      RunCauseCodec causes,
      Json json,
      Traces traces) {
    this.tasks = tasks;
    this.values = values;
    this.entries = entries;
    this.causes = causes;
    this.json = json;
    this.traces = traces;
  }

  /**
   * The result for one of several.
   *
   * @param run the run; null if it can't be started
   * @param refusal why it can't be started; null if it can
   */
  record Prepared(@Nullable NewRun run, @Nullable ApiException refusal) {}

  /**
   * Prepares the first of several runs: as many as take little memory and time together, and at
   * least one.
   */
  List<Prepared> prepareSome(List<RunStarter.Start> starts) {
    List<String> parameters = new ArrayList<>();
    List<StartValues.Start> named = new ArrayList<>();
    int comparing = 0;
    for (RunStarter.Start start : starts) {
      parameters.add(start.order().parameters().toString());
      named.add(start(start.task(), start.order(), parameters.getLast()));
      if (named.getLast().comparesWithPrevious() && ++comparing == MOST_COMPARING) {
        break;
      }
    }
    List<BuiltInValues> all = values.of(named);
    // No request starts these, so that they have no turn to wait for.
    Rendering rendering = tasks::assignOfMany;
    List<Prepared> prepared = new ArrayList<>();
    long end = System.nanoTime() + LONGEST_NANOS;
    long characters = 0;
    for (int i = 0;
        i < named.size() && characters < MOST_CHARACTERS && (i == 0 || System.nanoTime() - end < 0);
        i++) {
      RunStarter.Start start = starts.get(i);
      try {
        check(start.task(), start.order(), parameters.get(i));
        NewRun run =
            prepared(start.task(), start.order(), parameters.get(i), all.get(i), rendering);
        prepared.add(new Prepared(run, null));
        characters += run.assignment().length() + run.firstEntry().length();
      } catch (ApiException e) {
        prepared.add(new Prepared(null, e));
      }
    }
    return prepared;
  }

  /**
   * Prepares a run.
   *
   * @param room holds memory for a long prompt
   * @throws ApiException when it can't be started
   */
  NewRun prepare(TaskSnapshot task, Order order, WorkMemory.Room room) {
    String parameters = order.parameters().toString();
    check(task, order, parameters);
    return prepared(
        task,
        order,
        parameters,
        values.of(List.of(start(task, order, parameters))).getFirst(),
        (of, with, given) -> tasks.assign(of, with, given, room));
  }

  private static StartValues.Start start(TaskSnapshot task, Order order, String parameters) {
    String payload = order.payload();
    return new StartValues.Start(
        task, order.name(), payload == null ? parameters : payload, order.headers(), order.time());
  }

  private static void check(TaskSnapshot task, Order order, String parameters) {
    RunStarter.checkOpen(task);
    RunDepthLimit.check(order.depth());
    // A character takes three bytes at most.
    if (parameters.length() > RunStarter.LARGEST_PARAMETERS / 3
        && parameters.getBytes(StandardCharsets.UTF_8).length > RunStarter.LARGEST_PARAMETERS) {
      throw RunStarter.tooLarge();
    }
  }

  /** Renders the templates of a task. */
  @FunctionalInterface
  private interface Rendering {
    AssignedTask of(TaskSnapshot task, ObjectNode parameters, BuiltInValues values);
  }

  private NewRun prepared(
      TaskSnapshot task, Order order, String parameters, BuiltInValues given, Rendering rendering) {
    AssignedTask assigned = rendering.of(task, order.parameters(), given).with(order.laterTries());
    return new NewRun(
        task.id(),
        task.profile().id(),
        order.name(),
        parameters,
        json.write(assigned),
        causes.write(order.cause()),
        order.depth(),
        assigned.settings().isAlone(),
        order.scheduledAt(),
        entries.write(new RunEntry.Prompt(assigned.prompt())),
        traces.current(),
        order.parent());
  }
}
