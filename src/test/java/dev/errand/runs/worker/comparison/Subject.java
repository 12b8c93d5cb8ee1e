package dev.errand.runs.worker.comparison;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A system under measurement with one kind of jobs, and the figures that are known of it. */
final class Subject {
  /** The head of a table of lines. */
  static final String HEAD =
      "| | jobs/s | (rounds) | alone p50 | p99 | half load p50 | p99 | statements | commits | WAL |"
          + " CPU of the server | of PostgreSQL |\n"
          + "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

  final String name;
  final Jobs system;
  final List<Double> rates = new ArrayList<>();
  final List<Path> recordings = new ArrayList<>();
  final Map<String, Double> threadMs = new TreeMap<>();
  int jobs;
  double serverMs;
  double databaseMs;
  double statements;
  double commits;
  double updates;
  double hotUpdates;
  double wal;
  double[] alone = {};
  double[] half = {};
  private final String prefix;

  /**
   * A system.
   *
   * @param prefix what the names of its rounds begin with, and no other's
   */
  Subject(String name, Jobs system, String prefix) {
    this.name = name;
    this.system = system;
    this.prefix = prefix;
  }

  /** The name of a round that no other system has. */
  String round(String round) {
    return prefix + round;
  }

  /** The median of the rounds. */
  double rate() {
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  /** Checks that each figure was measured, however large it is. */
  void check() {
    for (double figure : new double[] {rate(), statements, wal, alone[0], half[0]}) {
      assertTrue(figure > 0 && Double.isFinite(figure), () -> name + " lacks a figure: " + line());
    }
    assertTrue(serverMs >= 0 && databaseMs >= 0 && commits >= 0, this::line);
  }

  /** What there is of it, as a line of a table. */
  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %.0f | %s | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f | %.1f | %.1f KB | %.2f ms |"
            + " %.2f ms |",
        name,
        rate(),
        rates.stream().map(rate -> "%.0f".formatted(rate)).toList(),
        percentile(alone, 50),
        percentile(alone, 99),
        percentile(half, 50),
        percentile(half, 99),
        statements,
        commits,
        wal / 1024,
        serverMs / jobs,
        databaseMs / jobs);
  }

  private static double percentile(double[] sorted, int percent) {
    return sorted[(sorted.length - 1) * percent / 100];
  }
}
