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
import java.lang.ref.WeakReference;
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
  private static final long MOST_BYTES = 2 * 1024 * 1024;
  // Two references and a name.
  private static final long EACH_TOOL = 250;
  private static final String PREFIX = "sha256:";

  private final Sql sql;
  private final Json json;
  private final Clock clock;
  private final Duration kept;
  private final ReentrantLock storing = new ReentrantLock();
  // On which day this process last recorded the use of definitions, by their address: most runs are
  // offered the same tools. The definitions themselves may take megabytes.
  private final LruCache<String, LocalDate> recorded = new LruCache<>(MOST_KNOWN);
  // To write definitions takes longer than most of a run's start, and most runs are offered the
  // same objects.
  private final LruCache<List<String>, Written> written =
      new LruCache<>(MOST_BYTES, Written::bytes);

  /**
   * Definitions that were written, without holding them.
   *
   * @param parts the descriptions and schemas
   */
  private record Written(List<WeakReference<Object>> parts, String address, long bytes) {
    static Written of(List<String> names, List<ToolSpec> tools, String address) {
      List<WeakReference<Object>> parts = new ArrayList<>();
      for (ToolSpec tool : tools) {
        parts.add(new WeakReference<>(tool.description()));
        parts.add(new WeakReference<>(tool.inputSchema()));
      }
      long bytes = EACH_TOOL * tools.size();
      for (String name : names) {
        bytes += name.length();
      }
      return new Written(List.copyOf(parts), address, bytes);
    }

    @SuppressWarnings("ReferenceEquality") // Equal ones are found by their address.
    boolean isOf(List<ToolSpec> tools) {
      int i = 0;
      for (ToolSpec tool : tools) {
        if (parts.get(i++).get() != tool.description()
            || parts.get(i++).get() != tool.inputSchema()) {
          return false;
        }
      }
      return true;
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
    Optional<Written> same = written.find(names).filter(known -> known.isOf(tools));
    if (same.isPresent() && isRecorded(same.get().address, today)) {
      return same.get().address;
    }
    String definitions = json.write(array(tools));
    String address = PREFIX + Sha256.hex(definitions.getBytes(StandardCharsets.UTF_8));
    if (!isRecorded(address, today)) {
      record(address, definitions, today);
    }
    written.put(names, Written.of(names, tools, address));
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
