package dev.errand.automation.schedule;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;

/** What a part of a benchmark costs: wall time, and CPU time of this process and of PostgreSQL. */
final class BenchmarkCost {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final DataSource database;
  private final double ownStart;
  private final double backendsStart;
  private final long start;

  private BenchmarkCost(DataSource database) throws Exception {
    this.database = database;
    this.ownStart = ownMs();
    this.backendsStart = backendsMs(database);
    this.start = System.nanoTime();
  }

  /** Begins to measure. */
  static BenchmarkCost begin(DataSource database) throws Exception {
    return new BenchmarkCost(database);
  }

  /** What it cost since the beginning, for each of so many. */
  String each(int count) throws Exception {
    double wall = (System.nanoTime() - start) / 1e6;
    return String.format(
        Locale.ROOT,
        "wall %.0f ms, CPU of the process %.0f ms, CPU of PostgreSQL's connections %.0f ms, load %s",
        wall / count,
        (ownMs() - ownStart) / count,
        (backendsMs(database) - backendsStart) / count,
        Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }

  private static double ownMs() {
    return SYSTEM.getProcessCpuTime() / 1e6;
  }

  // A connection that was closed meanwhile is missing; the pool keeps those that are in use.
  private static double backendsMs(DataSource database) throws Exception {
    double all = 0;
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
      while (row.next()) {
        all +=
            ProcessHandle.of(row.getLong(1))
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO)
                .toMillis();
      }
    }
    return all;
  }
}
