package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two processes on a PgBouncer that pools transactions, with fewer connections than they hold. It
 * must be installed: {@code ./mvnw verify -Dit.test=PoolerIT}.
 */
class PoolerIT {
  private static final Path FOLDER = Path.of("target", "pooler").toAbsolutePath();
  private static final int RUNS = 100;
  private static final int CONNECTIONS = 5;

  @AfterEach
  void reset() {
    RestAssured.reset();
  }

  @Test
  void processesWorkBehindAPoolOfTransactions() throws Exception {
    Files.createDirectories(FOLDER);
    EmbeddedDatabase database = EmbeddedDatabase.startIn(FOLDER.resolve("database"));
    int port = freePort();
    Process pooler = pooler(database, port);
    try {
      String name = "pooled" + System.nanoTime();
      create(database, name);
      Map<String, String> environment = Packaged.environment(database, name, FOLDER);
      environment.put(
          "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + port + "/" + name);
      try (Packaged one = Packaged.start("pooled-1", List.of("-Xmx256m"), environment);
          Packaged other = Packaged.start("pooled-2", List.of("-Xmx256m"), environment);
          ScriptedModel model = new ScriptedModel()) {
        one.awaitReady();
        other.awaitReady();
        for (Packaged process : List.of(one, other)) {
          RestAssured.port = process.port();
          Scenarios.all(process.managementPort());
        }
        register("pooled", "Hello", model).then().statusCode(201);
        for (int i = 0; i < RUNS; i++) {
          RestAssured.port = (i % 2 == 0 ? one : other).port();
          trigger("pooled", "r" + i, Map.of()).then().statusCode(201);
        }
        for (int i = 0; i < RUNS; i++) {
          assertEquals("ready", ended("pooled", "r" + i).getString("status"));
        }
        assertEquals(RUNS, model.requests().size());
        api().get(TASKS + "/pooled/usage").then().statusCode(200);
      }
    } finally {
      pooler.destroy();
      pooler.waitFor();
      database.stop();
    }
  }

  private static Process pooler(EmbeddedDatabase database, int port) throws IOException {
    String databasePort = database.url().replaceAll(".*:(\\d+)/.*", "$1");
    Path users = FOLDER.resolve("users.txt");
    Files.writeString(
        users, "\"%s\" \"%s\"\n".formatted(EmbeddedDatabase.USER, database.password()));
    Path configuration = FOLDER.resolve("pgbouncer.ini");
    Files.writeString(
        configuration,
        """
        [databases]
        * = host=127.0.0.1 port=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %s
        pool_mode = transaction
        default_pool_size = %d
        max_client_conn = 200
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(databasePort, port, users, CONNECTIONS));
    List<String> command = new ArrayList<>(List.of("pgbouncer", configuration.toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "nobody"));
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(FOLDER.resolve("pgbouncer.log").toFile())
        .start();
  }

  private static void create(EmbeddedDatabase database, String name) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.USER, database.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
