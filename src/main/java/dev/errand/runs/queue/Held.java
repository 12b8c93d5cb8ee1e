package dev.errand.runs.queue;

import dev.errand.runs.queue.record.Claim;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Runs and the attempts that hold them, as statements take and give them. */
final class Held {
  private final Set<Hold> holds = new LinkedHashSet<>();

  private record Hold(long runId, int attempt) {}

  static Held by(Collection<Claim> claims) {
    Held held = new Held();
    claims.forEach(claim -> held.holds.add(new Hold(claim.runId(), claim.attempt())));
    return held;
  }

  /** Adds what a result has in its first two columns, and closes it. */
  Held with(ResultSet result) throws SQLException {
    try (result) {
      while (result.next()) {
        holds.add(new Hold(result.getLong(1), result.getInt(2)));
      }
    }
    return this;
  }

  boolean isEmpty() {
    return holds.isEmpty();
  }

  /** Puts the runs at a place and their attempts at the next. */
  void bind(Connection connection, PreparedStatement statement, int at) throws SQLException {
    statement.setArray(
        at, connection.createArrayOf("bigint", holds.stream().map(Hold::runId).toArray()));
    statement.setArray(
        at + 1, connection.createArrayOf("int", holds.stream().map(Hold::attempt).toArray()));
  }

  /** Those of the claims that are held. */
  List<Claim> among(Collection<Claim> claims) {
    return claims.stream()
        .filter(claim -> holds.contains(new Hold(claim.runId(), claim.attempt())))
        .toList();
  }
}
