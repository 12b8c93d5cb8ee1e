package dev.errand.runs.worker.comparison;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.app.database.EmbeddedDatabase;

/** Connections of a peer: as many as the service has. */
final class Pools {
  private static final int CONNECTIONS = 24;

  private Pools() {}

  static HikariDataSource open(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(EmbeddedDatabase.SERVICE_USER);
    config.setPassword(System.getenv("PGPASSWORD"));
    config.setMaximumPoolSize(CONNECTIONS);
    return new HikariDataSource(config);
  }
}
