package dev.errand.tools.servlet.limit;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What a servlet may cost. Every size is per call unless it says otherwise. */
@ConfigMapping(prefix = "errand.servlet")
public interface ServletConfig {
  /**
   * How long a call may take, waiting for the network included, queueing and waiting for a core
   * excluded.
   */
  @WithDefault("PT30S")
  Duration wallTime();

  /** How long a servlet may take to describe its tools. */
  @WithDefault("PT10S")
  Duration describeTime();

  /** Linear memory that a call may grow to, and the most that a module may ask for at its start. */
  @WithDefault("64M")
  MemorySize memory();

  /**
   * Linear memory and memory for what is passed that all calls of this process hold together; half
   * of the heap when not set. A part of it is divided evenly among as many calls as there can be,
   * up to 4 MB for each; a call that needs more than its part and what is left ends as a failure.
   * An instance that was started in advance counts from its call on, a request's body twice while
   * it is sent, and a response's body from when the servlet gets it.
   */
  Optional<MemorySize> memoryTotal();

  /** Entries that all tables of a module may hold together. */
  @WithDefault("100000")
  int tableEntries();

  /** Memory for what is passed between the servlet and this host: input, output, HTTP bodies. */
  @WithDefault("64M")
  MemorySize arena();

  /** Keys and values that a servlet may keep in variables, which live as long as the call. */
  @WithDefault("1M")
  MemorySize vars();

  /** The arguments of a call. */
  @WithDefault("4M")
  MemorySize input();

  /** The answer of a call. */
  @WithDefault("4M")
  MemorySize output();

  /** Log lines that are kept; more are dropped, and one line says so. */
  @WithDefault("200")
  int logLines();

  /** Text of all log lines together. */
  @WithDefault("256K")
  MemorySize log();

  /** The body of one HTTP response. */
  @WithDefault("10M")
  MemorySize response();

  /** HTTP requests. */
  @WithDefault("50")
  int httpRequests();

  /** HTTP requests that all calls of a run make together; a further attempt counts anew. */
  @WithDefault("1000")
  int runHttpRequests();

  /** Stack of the thread that runs a call, which bounds recursion. */
  @WithDefault("4M")
  MemorySize stack();

  /**
   * Calls under way at once in this process, those that wait for the network included. One profile
   * has at most all but one of them.
   */
  @WithDefault("32")
  int calls();

  /**
   * Calls that compute at once in this process; as many as there are processors when not set. Of
   * several, one profile has at most all but one at a time, and of what it may have one
   * installation all but one.
   */
  OptionalInt cores();

  /** How long a call, or a servlet that is to describe itself, waits for its turn at most. */
  @WithDefault("PT2M")
  Duration queueTime();

  /** The bytes of a module. */
  @WithDefault("16M")
  MemorySize module();

  /**
   * The bytes of code in a module, each of which costs a few hundred bytes while it is compiled.
   */
  @WithDefault("8M")
  MemorySize code();

  /** Functions in a module. */
  @WithDefault("50000")
  int functions();

  /** Tools that a servlet may describe. */
  @WithDefault("128")
  int tools();

  /** Modules that are kept compiled in this process. */
  @WithDefault("64")
  int cachedModules();

  /** Memory that the modules kept in this process may take together, as estimated by their size. */
  @WithDefault("512M")
  MemorySize cachedBytes();

  /**
   * Modules of at least this many bytes are started in advance, each instance for one call, while a
   * core is idle: their runtimes take long to start.
   */
  @WithDefault("1M")
  MemorySize earlyFrom();

  /** Instances started in advance that wait for a call, in this process; 0 starts none. */
  @WithDefault("8")
  int early();

  /** Linear memory that these may take together. */
  @WithDefault("128M")
  MemorySize earlyMemory();

  /** How long one of these waits for a call before it is dropped. */
  @WithDefault("PT1M")
  Duration earlyTime();
}
