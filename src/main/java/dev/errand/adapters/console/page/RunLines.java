package dev.errand.adapters.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.entry.RunCauseCodec;
import dev.errand.runs.history.RunSearch.FoundRun;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the lines of lists of runs. */
@ApplicationScoped
public class RunLines {
  private final RunCauseCodec causes;
  private final Json json;
  private final Clock clock;

  RunLines(RunCauseCodec causes, Json json, Clock clock) {
    this.causes = causes;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The lines of runs, in their order.
   *
   * @param home the address of the home of their profile
   */
  public List<RunLine> of(List<FoundRun> runs, String home) {
    return runs.stream().map(listed -> of(listed.run(), listed.task(), home)).toList();
  }

  /** The line of a run. */
  public RunLine of(Run run, String task, String home) {
    return of(run, usage(run), task, home);
  }

  /** The usage of a run, which is parsed here. */
  public JsonNode usage(Run run) {
    return json.tree(run.usage());
  }

  /** The line of a run. */
  public RunLine of(Run run, JsonNode usage, String task, String home) {
    long tokens = usage.path("total_tokens").asLong();
    return new RunLine(
        run.id(),
        run.name(),
        PagePaths.run(home, task, run.name()),
        task,
        PagePaths.task(home, task),
        run.status().code(),
        run.isWaitingForPerson(),
        run.errorCode(),
        run.warnings(),
        ShownCause.of(causes.read(run.trigger()), home),
        PageTime.of(run.createdAt()),
        took(run),
        tokens == 0 ? "" : Amounts.number(tokens),
        Amounts.cost(cost(usage)));
  }

  /**
   * How long a run has taken since it was first claimed, without the time that it waited for
   * persons; empty before that. While it waits for one, how long it does.
   */
  public String took(Run run) {
    Instant now = clock.instant();
    if (run.isWaitingForPerson() && run.waitsSince() != null) {
      return "waits " + Amounts.lasting(Duration.between(run.waitsSince(), now));
    }
    Duration took = run.took(now);
    if (took == null) {
      return "";
    }
    return run.status().isEnd() ? Amounts.duration(took) : Amounts.lasting(took);
  }

  /** The cost in the usage of a run; null where no price is known. */
  public static @Nullable BigDecimal cost(JsonNode usage) {
    return usage.path("cost_usd").isNumber() ? usage.path("cost_usd").decimalValue() : null;
  }
}
