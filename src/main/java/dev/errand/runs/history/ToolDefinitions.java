package dev.errand.runs.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.base.secret.Sha256;
import dev.errand.runs.queue.RunConfig;
import dev.errand.tools.port.ToolSpec;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stores the definitions of the tools that runs offered to their models. Runs with the same tools
 * share one row, which the entries of their answers name by its content address.
 */
@Singleton
public class ToolDefinitions {
  // Longer than a run may take, counted from the day on which it was last claimed.
  private static final Duration LONGEST_RUN = Duration.ofDays(32);
  private static final int MOST_KNOWN = 1_000;
  private static final String PREFIX = "sha256:";

  private final Sql sql;
  private final Json json;
  private final Clock clock;
  private final Duration kept;
  private final ReentrantLock storing = new ReentrantLock();
  // What this process last stored, by the tools' names: most runs are offered the same tools.
  private final Map<List<String>, Kept> known = new ConcurrentHashMap<>();

  /** Definitions whose use this process recorded on that day. */
  private record Kept(List<ToolSpec> tools, String address, LocalDate day) {
    boolean isOf(List<ToolSpec> wanted, LocalDate today) {
      return day.equals(today) && tools.equals(wanted);
    }
  }

  ToolDefinitions(Sql sql, Json json, Clock clock, RunConfig config) {
    this.sql = sql;
    this.json = json;
    this.clock = clock;
    this.kept = config.retention().plus(LONGEST_RUN);
  }

  /**
   * Stores the definitions of the tools of a starting run.
   *
   * @return their address, {@code sha256:} and 64 hexadecimal digits
   */
  public String keep(List<ToolSpec> tools) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    List<String> names = tools.stream().map(ToolSpec::name).toList();
    Kept kept = known.get(names);
    if (kept == null || !kept.isOf(tools, today)) {
      kept = store(names, tools, today);
    }
    return kept.address;
  }

  // One after the other: thousands of runs may begin when a day does.
  private Kept store(List<String> names, List<ToolSpec> tools, LocalDate today) {
    storing.lock();
    try {
      Kept kept = known.get(names);
      if (kept == null || !kept.isOf(tools, today)) {
        kept = new Kept(List.copyOf(tools), store(tools), today);
        if (known.size() >= MOST_KNOWN) {
          known.clear();
        }
        known.put(names, kept);
      }
      return kept;
    } finally {
      storing.unlock();
    }
  }

  private String store(List<ToolSpec> tools) {
    String definitions = json.write(array(tools));
    String address = PREFIX + Sha256.hex(definitions.getBytes(StandardCharsets.UTF_8));
    int _ =
        sql.statement(ArchiveStatements.KEEP_TOOLS)
            .with("address", address)
            .with("definitions", definitions)
            .update();
    return address;
  }

  private ArrayNode array(List<ToolSpec> tools) {
    ArrayNode array = json.array();
    for (ToolSpec tool : tools) {
      array
          .addObject()
          .put("name", tool.name())
          .put("description", tool.description())
          .set("input_schema", tool.inputSchema());
    }
    return array;
  }

  /** The definitions of that address, if they are still kept. */
  public Optional<List<ToolSpec>> find(String address) {
    return sql.statement(ArchiveStatements.TOOLS)
        .with("address", address)
        .first(row -> read(row.text("definitions")));
  }

  private List<ToolSpec> read(String definitions) {
    List<ToolSpec> tools = new ArrayList<>();
    for (JsonNode tool : json.tree(definitions)) {
      tools.add(
          new ToolSpec(
              tool.path("name").asText(),
              tool.path("description").asText(),
              (ObjectNode) tool.path("input_schema")));
    }
    return tools;
  }

  /**
   * Removes definitions that no run can refer to any more.
   *
   * @return how many
   */
  int forget() {
    return sql.statement(ArchiveStatements.FORGET_TOOLS).with("kept_ms", kept.toMillis()).update();
  }
}
