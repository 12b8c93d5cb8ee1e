package dev.errand.runs.queue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.base.database.Sql;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A database of its own in a server, with as many runs as a test wants, and a queue on it. */
public final class FilledDatabase implements AutoCloseable {
  private final AgroalDataSource source;

  public FilledDatabase(EmbeddedDatabase server, String name) throws SQLException {
    try (AgroalDataSource first = connect(server, server.url());
        Connection connection = first.getConnection();
        Statement create = connection.createStatement()) {
      create.execute("CREATE DATABASE " + name);
    }
    source = connect(server, server.url().replaceFirst("/postgres$", "/" + name));
    // An index that is built concurrently waits for all transactions, a lock of Flyway's included.
    Flyway.configure()
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .dataSource(source)
        .load()
        .migrate();
    change(
        """
        WITH owner AS (
          INSERT INTO account (id, username) VALUES (gen_random_uuid(), 'owner') RETURNING id),
        profiles AS (
          INSERT INTO profile (id, account_id, name)
          SELECT gen_random_uuid(), owner.id, 'p' || number FROM owner, generate_series(0, 9) AS number
          RETURNING id, name)
        INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
        SELECT gen_random_uuid(), id, name || '-' || number, 'openai', '{}', '{"concurrency": 64}'
        FROM profiles, generate_series(0, 9) AS number
        """);
    change(
        "CREATE TABLE numbered AS SELECT id, profile_id, row_number() OVER (ORDER BY name) - 1 AS"
            + " number FROM task");
  }

  private static AgroalDataSource connect(EmbeddedDatabase server, String url) throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(4)
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(url)
                                    .principal(new NamePrincipal(EmbeddedDatabase.USER))
                                    .credential(new SimplePassword(server.password())))));
  }

  /** Adds runs that have ended, over a hundred tasks of ten profiles. */
  public void finished(int runs) throws SQLException {
    // Half the time goes into indexes that are kept as the rows come, and not made at the end.
    List<String> indexes =
        rows(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'run' AND indexname IN"
                + " ('run_listed', 'run_queued', 'run_held', 'run_alone')");
    for (String index : List.of("run_listed", "run_queued", "run_held", "run_alone")) {
      change("DROP INDEX " + index);
    }
    change(
        "INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,"
            + " attempt, started_at, finished_at) SELECT id, profile_id, 'ended-' || n, 'ready',"
            + " '{}', '{}', '{}', 1, now(), now() FROM generate_series(1, "
            + runs
            // Task by task, the layout in which the planner finds an index by tasks cheapest.
            + ") AS n JOIN numbered ON number = n % 100 ORDER BY id, n");
    for (String index : indexes) {
      change(index);
    }
    change("VACUUM ANALYZE run");
  }

  /** Adds runs that wait, over the first so many tasks. */
  public void waiting(int runs, int tasks) throws SQLException {
    change(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger) SELECT id,"
            + " profile_id, 'waits-' || n || ' of '  || "
            + runs
            + ", '{}', '{}', '{}' FROM generate_series(1, "
            + runs
            + ") AS n JOIN numbered ON number = n % "
            + tasks);
  }

  /** Adds as many profiles with one task each, of which one run waits and is eligible. */
  public void waitingAlone(int tasks) throws SQLException {
    change(
        "INSERT INTO profile (id, account_id, name) SELECT gen_random_uuid(), account.id, 'alone-'"
            + " || n FROM account, generate_series(1, "
            + tasks
            + ") AS n");
    change(
        "INSERT INTO task (id, profile_id, name, runner, runner_settings, settings) SELECT"
            + " gen_random_uuid(), id, name, 'openai', '{}', '{}' FROM profile WHERE name LIKE"
            + " 'alone-%'");
    change(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger) SELECT id,"
            + " profile_id, 'waits', '{}', '{}', '{}' FROM task WHERE name LIKE 'alone-%'");
    var _ = slots().repair();
    change("VACUUM ANALYZE run");
  }

  public DataSource source() {
    return source;
  }

  public RunQueue queue() {
    Sql sql = new Sql(source);
    QueueBound bound = new QueueBound(sql, TestRunConfig.DEFAULT);
    return new RunQueue(
        sql,
        bound,
        slots(),
        writes(),
        new IgnoredEvent<>(),
        new IgnoredEvent<>(),
        new ObservedEvent<SlotsChanged>(change -> slots().settle(change.taskIds())));
  }

  public RunWrites writes() {
    return writes(new IgnoredEvent<>());
  }

  RunWrites writes(Event<RunEnqueued> enqueued) {
    return new RunWrites(
        new Sql(source),
        slots(),
        enqueued,
        new IgnoredEvent<>(),
        new IgnoredEvent<>(),
        new IgnoredEvent<>());
  }

  public TaskSlots slots() {
    return new TaskSlots(new Sql(source), new IgnoredEvent<>());
  }

  public void change(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of every row, as texts. */
  public List<String> rows(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  @Override
  public void close() {
    source.close();
  }

  /** An event that nobody observes. */
  private static final class IgnoredEvent<T> extends ObservedEvent<T> {
    IgnoredEvent() {
      super(event -> {});
    }
  }

  /** An event with one observer. */
  static class ObservedEvent<T> implements Event<T> {
    private final Consumer<T> observer;

    ObservedEvent(Consumer<T> observer) {
      this.observer = observer;
    }

    @Override
    public void fire(T event) {
      observer.accept(event);
    }

    @Override
    public <U extends T> CompletionStage<U> fireAsync(U event) {
      return CompletableFuture.completedFuture(event);
    }

    @Override
    public <U extends T> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
      return CompletableFuture.completedFuture(event);
    }

    @Override
    public Event<T> select(Annotation... qualifiers) {
      return this;
    }

    @Override
    public <U extends T> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
      return new IgnoredEvent<>();
    }

    @Override
    public <U extends T> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
      return new IgnoredEvent<>();
    }
  }
}
