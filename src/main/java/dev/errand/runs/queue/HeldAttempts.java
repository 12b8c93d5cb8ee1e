package dev.errand.runs.queue;

import dev.errand.base.database.Row;
import dev.errand.base.database.SqlStatement;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A set of run ids with the attempt that holds each, as a pair of arrays for a statement. */
final class HeldAttempts {
  private final Set<Hold> holds = new LinkedHashSet<>();

  private record Hold(long runId, int attempt) {}

  static HeldAttempts by(Collection<Claim> claims) {
    HeldAttempts held = new HeldAttempts();
    claims.forEach(claim -> held.holds.add(new Hold(claim.runId(), claim.attempt())));
    return held;
  }

  void add(Row row) {
    holds.add(new Hold(row.number("id"), row.integer("attempt")));
  }

  boolean isEmpty() {
    return holds.isEmpty();
  }

  /** Binds the run ids and attempts as the parameters {@code ids} and {@code attempts}. */
  SqlStatement in(SqlStatement statement) {
    return statement
        .with("ids", "bigint", holds, Hold::runId)
        .with("attempts", "int", holds, Hold::attempt);
  }

  boolean has(Claim claim) {
    return holds.contains(new Hold(claim.runId(), claim.attempt()));
  }

  List<Claim> among(Collection<Claim> claims) {
    return claims.stream().filter(this::has).toList();
  }
}
