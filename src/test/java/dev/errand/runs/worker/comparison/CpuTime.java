package dev.errand.runs.worker.comparison;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The CPU time of processes, user and system, as Linux counts it: in steps of 10 ms. */
final class CpuTime {
  private static final Path PROCESSES = Path.of("/proc");
  private static final double TICK_MS = 10;

  private CpuTime() {}

  /** The milliseconds of a process. */
  static double ofProcess(long pid) {
    long[] times = times(stat(PROCESSES.resolve(Long.toString(pid))));
    return (times[0] + times[1]) * TICK_MS;
  }

  /** The milliseconds of a process and of all that it has started, those that have ended too. */
  static double ofFamily(long pid) {
    try (Stream<Path> all = Files.list(PROCESSES)) {
      long[] parent = times(stat(PROCESSES.resolve(Long.toString(pid))));
      long children =
          all.filter(path -> path.getFileName().toString().matches("\\d+"))
              .map(CpuTime::stat)
              .filter(Objects::nonNull)
              .filter(stat -> !stat.isEmpty() && Long.parseLong(stat.get(1)) == pid)
              .mapToLong(stat -> times(stat)[0] + times(stat)[1])
              .sum();
      return (parent[0] + parent[1] + parent[2] + parent[3] + children) * TICK_MS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The milliseconds of the threads of this process that live, by their names without numbers. */
  static Map<String, Double> byThread() {
    Map<String, Double> all = new TreeMap<>();
    try (Stream<Path> threads = Files.list(PROCESSES.resolve("self/task"))) {
      for (Path thread : threads.toList()) {
        List<String> stat = stat(thread);
        if (!stat.isEmpty()) {
          long[] times = times(stat);
          String name = Files.readString(thread.resolve("comm")).strip();
          all.merge(
              name.replaceAll("[-_# ]*\\d+$", ""), (times[0] + times[1]) * TICK_MS, Double::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** The fields after the name of the program; none of a process that has just ended. */
  private static List<String> stat(Path process) {
    try {
      String line = Files.readString(process.resolve("stat"));
      return List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static long[] times(List<String> stat) {
    // utime, stime, cutime, cstime: see proc(5).
    return stat.subList(11, 15).stream().mapToLong(Long::parseLong).toArray();
  }
}
