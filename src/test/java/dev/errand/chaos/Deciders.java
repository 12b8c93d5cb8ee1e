package dev.errand.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The persons who decide about tool calls while processes die: about each call two of them, of whom
 * one is heard.
 */
final class Deciders implements Runnable {
  /** The result that they give of a call that may have been made. */
  static final String GIVEN = "A person looked.";

  private static final String OPEN =
      """
      SELECT approval.id, profile.name AS profile, may_have_run
      FROM approval JOIN profile ON profile.id = profile_id WHERE status = 'open' ORDER BY number
      """;

  private final CrashDatabase database;
  private final Fleet fleet;
  private final Random random;
  private volatile boolean isOver;

  Deciders(CrashDatabase database, Fleet fleet, Random random) {
    this.database = database;
    this.fleet = fleet;
    this.random = random;
  }

  private record Open(String path, boolean mayHaveRun) {}

  /** Lets them go home. */
  void end() {
    isOver = true;
  }

  @Override
  public void run() {
    try {
      while (!isOver) {
        for (Open each : open()) {
          fleet.post(each.path(), decision(each), random.nextInt(1000));
          fleet.post(each.path(), decision(each), random.nextInt(1000));
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Open> open() {
    List<Open> open = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OPEN)) {
      while (row.next()) {
        open.add(
            new Open(
                "/api/profiles/~/%s/approvals/%s"
                    .formatted(row.getString("profile"), row.getString("id")),
                row.getBoolean("may_have_run")));
      }
    } catch (SQLException e) {
      // The database is away.
    }
    return open;
  }

  private String decision(Open about) {
    return switch (random.nextInt(about.mayHaveRun() ? 4 : 3)) {
      case 0 -> "{\"decision\": \"reject\", \"reason\": \"Not now.\"}";
      case 3 -> "{\"decision\": \"answer\", \"result\": \"" + GIVEN + "\"}";
      default -> "{\"decision\": \"approve\"}";
    };
  }
}
