package dev.errand.support;

import io.quarkus.arc.Arc;
import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * A log of the SQL that this process runs, by the helper for SQL and by Hibernate. Each statement
 * stands under the request or the run for which it was run. It is off until {@link #start}.
 */
@PersistenceUnitExtension
public final class StatementLog implements StatementInspector {
  private static final long serialVersionUID = 1L;

  private static volatile @Nullable List<Entry> entries;

  private record Entry(String about, String sql) {}

  /** Begins an empty log. */
  public static void start() {
    entries = new CopyOnWriteArrayList<>();
  }

  /** Ends the log. */
  public static void stop() {
    entries = null;
  }

  /** The statements for a request to a path that ends so, in order. */
  public static List<String> ofRequest(String path) {
    return of("request " + path);
  }

  /** The statements for the execution of a run of that name, in order. */
  public static List<String> ofRun(String name) {
    return of("run " + name);
  }

  /** The statements for what several requests and runs share, such as their commits, in order. */
  public static List<String> ofAll() {
    return of("");
  }

  /** Adds a statement of the calling thread. */
  static void add(String sql) {
    List<Entry> log = entries;
    if (log != null) {
      log.add(new Entry(subject(), sql));
    }
  }

  @Override
  public String inspect(String sql) {
    add(sql);
    return sql;
  }

  private static List<String> of(String subject) {
    List<Entry> log = entries;
    return log == null
        ? List.of()
        : log.stream().filter(entry -> entry.about().equals(subject)).map(Entry::sql).toList();
  }

  private static String subject() {
    if (MDC.get("run") instanceof String run) {
      return "run " + run;
    }
    if (Arc.container().requestContext().isActive()) {
      RoutingContext request =
          Arc.container().instance(CurrentVertxRequest.class).get().getCurrent();
      if (request != null) {
        return "request " + request.request().path();
      }
    }
    return "";
  }
}
