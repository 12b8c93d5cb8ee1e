package dev.errand.runs.worker.comparison;

import java.io.IOException;

/**
 * A peer, which adds and works jobs in a process of its own. The process stands still while others
 * are measured, so that what it polls costs them nothing.
 */
final class PeerJobs implements Jobs {
  /** The time in which it does not stand still. */
  private final class Running implements AutoCloseable {
    Running() throws IOException {
      process.signal("CONT");
    }

    @Override
    public void close() throws IOException {
      process.signal("STOP");
    }
  }

  private final String database;
  private final LineProcess process;

  PeerJobs(String database, LineProcess process) {
    this.database = database;
    this.process = process;
  }

  @Override
  public double round(String name, int jobs) throws IOException {
    try (Running _ = new Running()) {
      return Double.parseDouble(process.order("round " + name + " " + jobs));
    }
  }

  @Override
  public long[] alone(String name, int jobs) throws IOException {
    try (Running _ = new Running()) {
      return process.numbers("alone " + name + " " + jobs);
    }
  }

  @Override
  public long[] paced(String name, int jobs, double rate) throws IOException {
    try (Running _ = new Running()) {
      return process.numbers("paced " + name + " " + jobs + " " + rate);
    }
  }

  @Override
  public String database() {
    return database;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.signal("CONT");
    process.close();
  }
}
