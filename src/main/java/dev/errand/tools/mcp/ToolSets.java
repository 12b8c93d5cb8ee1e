package dev.errand.tools.mcp;

import dev.errand.base.database.Sql;
import dev.errand.base.limit.LruCache;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Stores the pinned tools of servers by digest, with a cache. */
@ApplicationScoped
public class ToolSets {
  private static final int MOST_REMEMBERED = 200;
  private static final Duration KEPT_UNUSED = Duration.ofDays(7);

  private final Sql sql;
  private final ToolSetReader reader;
  private final Clock clock;
  private final LruCache<String, ToolSet> remembered = new LruCache<>(MOST_REMEMBERED);

  ToolSets(Sql sql, ToolSetReader reader, Clock clock) {
    this.sql = sql;
    this.reader = reader;
    this.clock = clock;
  }

  /** The tools of that digest; empty where they are no longer stored. */
  public Optional<ToolSet> find(String digest) {
    Optional<ToolSet> known = remembered.find(digest);
    if (known.isPresent()) {
      return known;
    }
    Optional<ToolSet> found =
        sql.statement(PinStatements.TOOLS)
            .with("digest", digest)
            .first(row -> reader.read(digest, row.text("tools")));
    found.ifPresent(tools -> remembered.put(digest, tools));
    return found;
  }

  /** Stores tools, before an installation names them. */
  public void keep(ToolSet tools) {
    sql.statement(PinStatements.KEEP_TOOLS)
        .with("digest", tools.digest())
        .with("tools", tools.text())
        .with("now", clock.instant())
        .run();
  }

  /** Removes tools that no installation has named for a week. */
  public void forget() {
    sql.statement(PinStatements.FORGET_TOOLS)
        .with("before", clock.instant().minus(KEPT_UNUSED))
        .run();
  }
}
