package dev.errand.tools.servlet.limit;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Limits of servlets. Every size is per call unless it says otherwise. */
@ConfigMapping(prefix = "errand.servlet")
public interface ServletConfig {
  /**
   * How long a call may take, including waits for the network, excluding waits in the queue and for
   * a core, which {@code queue-time} bounds.
   */
  @WithDefault("PT30S")
  Duration wallTime();

  /** How long a servlet may take to describe its tools. */
  @WithDefault("PT10S")
  Duration describeTime();

  /** Linear memory that a call may grow to, and the most that a module may request at its start. */
  @WithDefault("64M")
  MemorySize memory();

  /**
   * Linear memory and arenas of all calls of this process together; half of the heap when not set.
   * Each possible call has an equal part of its own, up to 4 MB; the rest is shared on demand, and
   * a call fails when it is used up. An instance that was started in advance counts from the start
   * of its call, a request's body twice while it is sent, and a response's body once the servlet
   * has it.
   */
  Optional<MemorySize> memoryTotal();

  /** Entries that all tables of a module may hold together. */
  @WithDefault("100000")
  int tableEntries();

  /** Memory for data between the servlet and this host: input, output, HTTP bodies. */
  @WithDefault("64M")
  MemorySize arena();

  /**
   * The size of the keys and values that a servlet may keep in variables, which live as long as the
   * call.
   */
  @WithDefault("1M")
  MemorySize vars();

  /** The size of the arguments of a call. */
  @WithDefault("4M")
  MemorySize input();

  /** The size of the answer of a call. */
  @WithDefault("4M")
  MemorySize output();

  /** Log lines that are kept; more are dropped, and one line says so. */
  @WithDefault("200")
  int logLines();

  /** The size of the text of all log lines together. */
  @WithDefault("256K")
  MemorySize log();

  /** The size of the body of one HTTP response. */
  @WithDefault("10M")
  MemorySize response();

  /** HTTP requests that a call may send. */
  @WithDefault("50")
  int httpRequests();

  /** HTTP requests that all calls of a run may send together; another attempt starts from zero. */
  @WithDefault("1000")
  int runHttpRequests();

  /** Stack of the thread that runs a call, which bounds recursion. */
  @WithDefault("4M")
  MemorySize stack();

  /**
   * Concurrent calls in this process, including those that wait for the network. One user, whatever
   * the number of their profiles, has at most all but one of them.
   */
  @WithDefault("32")
  int calls();

  /**
   * Calls that compute at the same time in this process; the number of processors when not set. One
   * user, whatever the number of their profiles, has at most all but one of them, and one
   * installation at most all but one of the user's.
   */
  OptionalInt cores();

  /**
   * How long a call computes before it gives way to other calls that wait for a core. Users take
   * turns, then the profiles of a user. In a profile, calls that have computed for less go first,
   * up to 128 time slices; longer ones go in the order in which they began. One turn in five goes
   * to the eldest call.
   */
  @WithDefault("PT0.01S")
  Duration timeSlice();

  /**
   * How long a call, or the description of a servlet, waits for its turn at most, and how long it
   * waits for cores once it runs, all these waits together: a call ends after {@code wall-time} and
   * twice this at the latest.
   */
  @WithDefault("PT2M")
  Duration queueTime();

  /** The size of a module. */
  @WithDefault("16M")
  MemorySize module();

  /**
   * The size of the code in a module; compiling takes a few hundred bytes of memory for each byte.
   */
  @WithDefault("8M")
  MemorySize code();

  /** Functions that a module may have. */
  @WithDefault("50000")
  int functions();

  /** Tools that a servlet may describe. */
  @WithDefault("128")
  int tools();

  /** Modules in this process's cache. */
  @WithDefault("64")
  int cachedModules();

  /**
   * Memory of all modules in the cache, estimated from their size; 512 MB, or a quarter of the heap
   * where that is less, when not set.
   */
  Optional<MemorySize> cachedBytes();

  /**
   * The size in bytes from which a module's instances are started in advance, while a core is idle:
   * the runtimes of large modules take long to start. Each instance still serves one call. A module
   * whose start reads the time of day or needs its call is started for its call alone.
   */
  @WithDefault("1M")
  MemorySize earlyFrom();

  /**
   * Instances in this process that were started in advance and wait for a call; 0 disables this.
   */
  @WithDefault("8")
  int early();

  /**
   * Linear memory of all these instances together; a module whose interpreted code takes more has
   * none. 128 MB, or an eighth of the heap where that is less, when not set.
   */
  Optional<MemorySize> earlyMemory();

  /** How long such an instance waits for a call before it is discarded. */
  @WithDefault("PT1M")
  Duration earlyTime();
}
