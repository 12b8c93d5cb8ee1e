package dev.errand.runs.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.base.limit.LruCache;
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
import java.util.Optional;
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
  // On which day this process last recorded the use of definitions, by their address: most runs are
  // offered the same tools. The definitions themselves may take megabytes.
  private final LruCache<String, LocalDate> recorded = new LruCache<>(MOST_KNOWN);

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
    String definitions = json.write(array(tools));
    String address = PREFIX + Sha256.hex(definitions.getBytes(StandardCharsets.UTF_8));
    if (!isRecorded(address, today)) {
      record(address, definitions, today);
    }
    return address;
  }

  private boolean isRecorded(String address, LocalDate today) {
    return recorded.find(address).filter(today::equals).isPresent();
  }

  // One after the other: thousands of runs may begin when a day does.
  private void record(String address, String definitions, LocalDate today) {
    storing.lock();
    try {
      if (!isRecorded(address, today)) {
        int _ =
            sql.statement(ArchiveStatements.KEEP_TOOLS)
                .with("address", address)
                .with("definitions", definitions)
                .update();
        recorded.put(address, today);
      }
    } finally {
      storing.unlock();
    }
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
