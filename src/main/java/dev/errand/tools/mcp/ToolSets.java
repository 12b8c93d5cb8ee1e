package dev.errand.tools.mcp;

import dev.errand.base.database.Sql;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.limit.LruCache;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Stores the pinned tools of servers by digest, with a cache. */
@ApplicationScoped
public class ToolSets {
  private static final String KEEP_TOOLS =
      """
      INSERT INTO mcp_tool_set (digest, tools, used_at) VALUES (:digest, :tools, :now)
      ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at
      """;

  private static final String TOOLS = "SELECT tools FROM mcp_tool_set WHERE digest = :digest";

  // Runs that started with them may continue for a while.
  private static final String FORGET_TOOLS =
      """
      DELETE FROM mcp_tool_set AS tools WHERE used_at < now() - :kept_ms * interval '1 millisecond'
        AND NOT EXISTS (SELECT FROM installation WHERE tools_digest = tools.digest)
        AND NOT EXISTS (SELECT FROM mcp_server WHERE change_digest = tools.digest)
      """;

  // A server may describe its tools in half a megabyte, which as a tree of small values take thirty
  // times as much. Those that are remembered have a part of the heap.
  private static final int PART_OF_HEAP = 16;
  private static final long PER_CHARACTER = 2;
  private static final long EACH = 1024;
  private static final Duration KEPT_UNUSED = Duration.ofDays(7);

  private final Sql sql;
  private final ToolSetReader reader;
  private final Clock clock;
  private final LruCache<String, ToolSet> remembered =
      cache(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  ToolSets(Sql sql, ToolSetReader reader, Clock clock) {
    this.sql = sql;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * A cache of sets by digest.
   *
   * @param most the bytes of heap for their texts and trees together
   */
  static LruCache<String, ToolSet> cache(long most) {
    return new LruCache<>(
        most, set -> EACH + PER_CHARACTER * set.text().length() + JsonWeight.of(set.text()));
  }

  /** The tools of that digest; empty where they are no longer stored. */
  public Optional<ToolSet> find(String digest) {
    Optional<ToolSet> known = remembered.find(digest);
    if (known.isPresent()) {
      return known;
    }
    Optional<ToolSet> found =
        sql.statement(TOOLS)
            .with("digest", digest)
            .first(row -> reader.read(digest, row.text("tools")));
    found.ifPresent(tools -> remembered.put(digest, tools));
    return found;
  }

  /** Stores tools, before an installation names them. */
  public void keep(ToolSet tools) {
    sql.statement(KEEP_TOOLS)
        .with("digest", tools.digest())
        .with("tools", tools.text())
        .with("now", clock.instant())
        .run();
  }

  /** Removes tools that no installation has named for a week. */
  public void forget() {
    sql.statement(FORGET_TOOLS).with("kept_ms", KEPT_UNUSED.toMillis()).run();
  }
}
