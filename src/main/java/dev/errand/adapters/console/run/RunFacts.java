package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.run.RunPageView.Fact;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.lifecycle.RunBounds;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.AssignedTask;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Shows with what a run works, and how much of each of its bounds it has used. */
@ApplicationScoped
class RunFacts {
  private final RunBounds bounds;
  private final Clock clock;

  RunFacts(RunBounds bounds, Clock clock) {
    this.bounds = bounds;
    this.clock = clock;
  }

  /** The numbers of a run, in their order on the page. */
  List<Fact> of(Run run, JsonNode usage, RunLine line) {
    AssignedTask task = bounds.settings(run);
    Bounds most = bounds.of(task);
    List<Fact> facts = new ArrayList<>();
    ModelSettings model = task.model();
    facts.add(new Fact("Model", VisibleText.of(model.model())));
    String server = model.baseUrl();
    if (task.provider() != null) {
      facts.add(new Fact("Provider", task.provider()));
    } else if (server != null) {
      facts.add(new Fact("Server", host(server)));
    }
    Duration took = run.took(clock.instant());
    if (took != null) {
      boolean isGoing = run.status() == RunStatus.RUNNING;
      Fact fact =
          Fact.within(
              run.status().isEnd() ? "Took" : "Has taken",
              run.status().isEnd() ? Amounts.duration(took) : Amounts.lasting(took),
              Amounts.duration(most.timeout()),
              (double) took.toMillis(),
              (double) most.timeout().toMillis());
      facts.add(isGoing ? fact.going(took.toMillis()) : fact);
    }
    facts.add(cost(usage, most));
    long tokens = usage.path("total_tokens").asLong();
    facts.add(
        Fact.within(
            "Tokens",
            "%s (%s in, %s out)"
                .formatted(
                    Amounts.number(tokens),
                    Amounts.number(usage.path("prompt_tokens").asLong()),
                    Amounts.number(usage.path("completion_tokens").asLong())),
            Amounts.number(most.maxTokens()),
            (double) tokens,
            (double) most.maxTokens()));
    facts.add(counted("Model answers", usage.path("steps").asInt(), most.maxSteps()));
    int failed = usage.path("tool_errors").asInt();
    Fact calls = counted("Tool calls", usage.path("tool_calls").asInt(), most.maxToolCalls());
    facts.add(
        failed == 0
            ? calls
            : calls.failed(
                failed + " failed",
                line.address() + new FoundEntries.Search("", true).query("") + RunPageViews.FOUND));
    if (run.attempt() > 1) {
      facts.add(new Fact("Attempts", Integer.toString(run.attempt())));
    }
    return facts;
  }

  private static Fact cost(JsonNode usage, Bounds most) {
    BigDecimal cost = RunLines.cost(usage);
    if (cost == null && usage.path("steps").asInt() > 0) {
      return Fact.unbounded("Cost", "not bounded:", "no price for this model");
    }
    BigDecimal known = cost == null ? BigDecimal.ZERO : cost;
    return Fact.within(
        "Cost",
        Amounts.cost(known),
        Amounts.cost(BigDecimal.valueOf(most.maxCostUsd())),
        known.doubleValue(),
        most.maxCostUsd());
  }

  private static String host(String server) {
    try {
      String host = new URI(server).getAuthority();
      return host == null ? server : host;
    } catch (URISyntaxException e) {
      return server;
    }
  }

  private static Fact counted(String name, int used, int most) {
    return Fact.within(name, Integer.toString(used), Integer.toString(most), used, most);
  }
}
