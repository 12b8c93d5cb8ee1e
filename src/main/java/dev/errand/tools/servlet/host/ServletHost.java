package dev.errand.tools.servlet.host;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Durations;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.abi.CallMessages;
import dev.errand.tools.servlet.abi.Description;
import dev.errand.tools.servlet.abi.Ending;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.abi.ServletCall;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.ComputePermit;
import dev.errand.tools.servlet.limit.ComputeThreads;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.HttpBudget;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.ServletConfig;
import dev.errand.tools.servlet.limit.ServletTimes;
import dev.errand.tools.servlet.limit.SharedMemory;
import dev.errand.tools.servlet.module.CodeStore;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.Execution;
import dev.errand.tools.servlet.module.PrebuiltModules;
import dev.errand.tools.servlet.module.ServletModule;
import dev.errand.tools.servlet.prebuilt.BuiltIn;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The host of servlets: loads WebAssembly modules and executes their calls. Each call gets a fresh
 * instance and a thread, so calls are isolated from each other, and all are under {@link Limits}.
 */
@Singleton
public class ServletHost {
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final Duration FOREVER = Duration.ofDays(365);

  private final Limits limits;
  private final GuardedHttp http;
  private final ModuleLibrary modules;
  private final FairSemaphore calls;
  private final FairSemaphore cores;
  private final SharedMemory memory;
  private final SecureRandom random = new SecureRandom();
  private final ComputeThreads threads;
  private final GuestWatch watch;
  private final WarmGuests guests;
  private final CallMessages messages;
  private final Description description;
  private final ServletTimes times;

  /** Creates the host with the configured limits and the fastest available engine. */
  @Inject
  public ServletHost(
      ServletConfig config,
      GuardedHttp http,
      CodeStore store,
      ServletTimes times,
      ByteBudget budget) {
    this(Limits.of(config), http, Engine.best(), new BuiltIn(), store, times, budget);
  }

  // Checks the limits at the start without creating the host, which its first use does.
  static void start(@Observes StartupEvent event, ServletConfig config) {
    Limits _ = Limits.of(config);
  }

  public ServletHost(
      Limits limits, GuardedHttp http, Engine engine, PrebuiltModules prebuilt, CodeStore store) {
    this(
        limits,
        http,
        engine,
        prebuilt,
        store,
        ServletTimes.NONE,
        new ByteBudget(Runtime.getRuntime().maxMemory()));
  }

  private ServletHost(
      Limits limits,
      GuardedHttp http,
      Engine engine,
      PrebuiltModules prebuilt,
      CodeStore store,
      ServletTimes times,
      ByteBudget budget) {
    this.times = times;
    this.limits = limits;
    this.http = http;
    this.modules = new ModuleLibrary(limits, engine, prebuilt, store, times);
    this.calls = new FairSemaphore(limits.calls());
    this.cores = new FairSemaphore(limits.cores(), limits.timeSlice());
    this.memory = new SharedMemory(limits.memoryTotal(), limits.calls());
    this.threads = new ComputeThreads(limits.stack());
    this.watch = new GuestWatch(limits.timeSlice());
    this.guests = new WarmGuests(limits, cores, memory, random, threads);
    var json = JsonMapper.builder().build();
    this.messages = new CallMessages(json, budget);
    this.description = new Description(limits);
  }

  /**
   * Loads a module, or gets it from the cache.
   *
   * @param address the SHA-256 of the bytes in lower-case hexadecimal
   * @throws InterruptedException when interrupted while it loads; loading continues
   */
  public ServletModule load(String address, byte[] wasm)
      throws InvalidServletException, InterruptedException {
    return modules.load(address, wasm);
  }

  /** The module with that SHA-256, if it is in the cache. */
  public Optional<ServletModule> loaded(String address) {
    return modules.loaded(address);
  }

  /**
   * How this process executes the module with that SHA-256, or will once it is loaded.
   *
   * @param whole whether the compiler can compile all of its functions, as far as is known
   */
  public Execution execution(String address, boolean whole) {
    return modules.execution(address, whole);
  }

  /** Whether the compiler can't compile all functions of a loaded module. */
  public boolean tooLarge(ServletModule module) {
    return modules.tooLarge(module);
  }

  /** Creates the budget of HTTP requests that the calls of one run share. */
  public HttpBudget runBudget() {
    return new HttpBudget(limits.runHttpRequests());
  }

  /** The tools of a servlet, described without an owner. */
  public List<ToolSpec> describe(ServletModule module)
      throws InvalidServletException, InterruptedException {
    return describe(module, WorkOwner.NOBODY);
  }

  /**
   * Executes a servlet's {@code describe}, without network and settings, and returns its tools.
   *
   * @throws InvalidServletException when it fails, or its description is not valid
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} when it waited too long for its turn
   * @throws InterruptedException when the calling thread is interrupted; the servlet is stopped
   */
  public List<ToolSpec> describe(ServletModule module, WorkOwner owner)
      throws InvalidServletException, InterruptedException {
    if (!enter(owner, limits.queueTime())) {
      throw ApiException.retryLater(
          ErrorCode.UNAVAILABLE,
          "The servlet could not describe its tools: too many tools are running, and it waited"
              + " longer than %s for its turn. Publish it again later."
                  .formatted(Durations.words(limits.queueTime())),
          AGAIN);
    }
    var grant = Grant.none(owner);
    var time = limits.describeTime();
    return description.tools(
        run(module, "describe", grant, false, new byte[0], time, FOREVER, ToolLog.NONE));
  }

  /**
   * Calls a tool of a servlet. Any failure of the servlet, limits included, is a result that the
   * model can read.
   *
   * @throws InterruptedException when the calling thread is interrupted; the servlet is stopped
   */
  public ToolResult call(ServletModule module, Grant grant, String tool, ToolCall call)
      throws InterruptedException {
    var input = messages.input(tool, call.arguments());
    if (input.length > limits.input()) {
      return ToolResult.error(
          "The arguments exceed a tool's limit of %s.".formatted(Limits.size(limits.input())));
    }
    var left = left(call);
    var deadlineFirst = left.compareTo(limits.queueTime()) < 0;
    if (!enter(grant.owner(), deadlineFirst ? left : limits.queueTime())) {
      return ToolResult.error(
          deadlineFirst
              ? "Too many tools are running; the call's time ran out in the queue."
              : "Too many tools are running: the call waited longer than %s for its turn; call it again later."
                  .formatted(Durations.words(limits.queueTime())));
    }
    var begun = System.nanoTime();
    var time = limits.wallTime();
    var ending = run(module, "call", grant, true, input, time, left(call), call.log());
    times.called(
        Duration.ofNanos(System.nanoTime() - begun),
        switch (ending) {
          case Ending.Returned _, Ending.ReturnedError _ -> ServletTimes.End.RETURNED;
          case Ending.Failed _ -> ServletTimes.End.FAILED;
          case Ending.Interrupted _ -> ServletTimes.End.STOPPED;
        });
    return switch (ending) {
      case Ending.Returned returned -> messages.result(returned, call.log());
      case Ending.ReturnedError(var sentence) -> ToolResult.error(sentence);
      case Ending.Failed(var sentence) -> ToolResult.error(sentence);
      case Ending.Interrupted(var atDeadline) ->
          ToolResult.error(
              atDeadline
                  ? "The tool was stopped because the time for this call was over."
                  : "The tool was stopped because it took longer than %s, which is its limit."
                      .formatted(Durations.words(limits.wallTime())));
    };
  }

  /** Acquires a permit of {@link #calls} and one of {@link #cores}, or neither. */
  private boolean enter(WorkOwner owner, Duration patience) throws InterruptedException {
    var end = System.nanoTime() + patience.toNanos();
    if (!calls.take(owner, patience.toNanos())) {
      return false;
    }
    var entered = false;
    try {
      entered = cores.take(owner, end - System.nanoTime());
      return entered;
    } finally {
      if (!entered) {
        calls.give(owner);
      }
    }
  }

  /** Executes a guest, and releases the permits that {@link #enter} acquired. */
  private Ending run(
      ServletModule module,
      String export,
      Grant grant,
      boolean network,
      byte[] input,
      Duration time,
      Duration last,
      ToolLog log)
      throws InterruptedException {
    var owner = grant.owner();
    var core = new ComputePermit(cores, owner, limits.queueTime());
    var guest = guests.enter(module, owner);
    try {
      GuestThread thread;
      try {
        var call =
            new ServletCall(limits, grant, core, new CallMemory(memory), random, network, input);
        thread = new GuestThread(guest, export, call, http, log, () -> calls.give(owner));
        thread.start(threads);
      } catch (Throwable e) {
        core.release();
        calls.give(owner);
        throw e;
      }
      return thread.await(time, last, watch);
    } finally {
      guests.left(module, owner);
    }
  }

  /** The memory that all calls share. */
  public SharedMemory memory() {
    return memory;
  }

  /** The number of calls that wait for a core. */
  public int queued() {
    return cores.waiting();
  }

  /** The number of a module's warm instances, started in advance and waiting for a call. */
  int waiting(ServletModule module) {
    return guests.waiting(module);
  }

  private Duration left(ToolCall call) {
    var left = Duration.between(ElapsedClock.now(), call.deadline());
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    // The deadline of a call without one may exceed the range of nanoseconds.
    return left.compareTo(FOREVER) < 0 ? left : FOREVER;
  }
}
