package dev.errand.tools.servlet.host;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.servlet.abi.Description;
import dev.errand.tools.servlet.abi.Ending;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.abi.ServletCall;
import dev.errand.tools.servlet.abi.ToolAnswer;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.CallOwner;
import dev.errand.tools.servlet.limit.ComputePermit;
import dev.errand.tools.servlet.limit.FairSemaphore;
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
import dev.errand.tools.tool.ToolCall;
import dev.errand.tools.tool.ToolLog;
import dev.errand.tools.tool.ToolResult;
import dev.errand.tools.tool.ToolSpec;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs servlets. Every call has an instance that no other had, and a thread of its own; nothing
 * that one call does can be seen by another, and all of it is under {@link Limits}.
 */
@ApplicationScoped
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
  private final WarmGuests guests;
  private final Clock clock = Clock.systemUTC();
  private final ToolAnswer answers;
  private final Description description;
  private final ServletTimes times;

  /** A host under the configured limits, on the fastest engine that there is. */
  @Inject
  public ServletHost(ServletConfig config, GuardedHttp http, CodeStore store, ServletTimes times) {
    this(Limits.of(config), http, Engine.best(), new BuiltIn(), store, times);
  }

  // Nothing but the limits is needed: the host itself is made by its first use.
  static void start(@Observes StartupEvent event, ServletConfig config) {
    Limits _ = Limits.of(config);
  }

  /**
   * A host.
   *
   * @param prebuilt modules that need not be compiled
   * @param store where what is compiled is kept
   */
  public ServletHost(
      Limits limits, GuardedHttp http, Engine engine, PrebuiltModules prebuilt, CodeStore store) {
    this(limits, http, engine, prebuilt, store, ServletTimes.NONE);
  }

  private ServletHost(
      Limits limits,
      GuardedHttp http,
      Engine engine,
      PrebuiltModules prebuilt,
      CodeStore store,
      ServletTimes times) {
    this.times = times;
    this.limits = limits;
    this.http = http;
    this.modules = new ModuleLibrary(limits, engine, prebuilt, store, times);
    this.calls = new FairSemaphore(limits.calls());
    this.cores = new FairSemaphore(limits.cores());
    this.memory = new SharedMemory(limits.memoryTotal(), limits.calls());
    this.guests = new WarmGuests(limits, cores, memory, random);
    var json = JsonMapper.builder().build();
    this.answers = new ToolAnswer(json);
    this.description = new Description(limits);
  }

  /**
   * The module of these bytes, made once and then kept for a while.
   *
   * @param address the SHA-256 of the bytes in lower-case hexadecimal
   * @throws InvalidServletException when the bytes can't be a servlet here
   * @throws InterruptedException when interrupted while it is made; it is made all the same
   */
  public ServletModule load(String address, byte[] wasm)
      throws InvalidServletException, InterruptedException {
    return modules.load(address, wasm);
  }

  /** The module of the bytes with that SHA-256, if it was made and is still kept. */
  public Optional<ServletModule> loaded(String address) {
    return modules.loaded(address);
  }

  /**
   * How this process runs the module with that SHA-256, or will when it is loaded.
   *
   * @param whole whether a compiler is known to take all of its functions, or nothing is known
   */
  public Execution execution(String address, boolean whole) {
    return modules.execution(address, whole);
  }

  /**
   * Whether a module that was loaded here shows that a compiler can't take all of its functions.
   */
  public boolean tooLarge(ServletModule module) {
    return modules.tooLarge(module);
  }

  /** What the calls of one run may spend on the network together. */
  public HttpBudget runBudget() {
    return new HttpBudget(limits.runHttpRequests());
  }

  /**
   * The tools of a servlet, as {@link #describe(ServletModule, CallOwner)} for nobody in
   * particular.
   */
  public List<ToolSpec> describe(ServletModule module)
      throws InvalidServletException, InterruptedException {
    return describe(module, CallOwner.NOBODY);
  }

  /**
   * The tools of a servlet, as it describes them itself; it has no network and no settings for
   * that.
   *
   * @param owner who wants to know
   * @throws InvalidServletException when it fails, or what it says can't be used
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} when too many others run for too long
   * @throws InterruptedException when the calling thread is interrupted; the servlet is stopped
   */
  public List<ToolSpec> describe(ServletModule module, CallOwner owner)
      throws InvalidServletException, InterruptedException {
    if (!enter(owner, limits.queueTime())) {
      throw ApiException.retryLater(
          ErrorCode.UNAVAILABLE,
          "The servlet could not be asked for its tools: so many tools are running that it got no"
              + " turn within %s. Publish it again later."
                  .formatted(Limits.span(limits.queueTime())),
          AGAIN);
    }
    var grant = Grant.none(owner);
    var time = limits.describeTime();
    return description.tools(
        run(module, "describe", grant, false, new byte[0], time, FOREVER, ToolLog.NONE));
  }

  /**
   * Calls a tool of a servlet. Whatever goes wrong in the servlet, its limits included, is a result
   * that the model can read.
   *
   * @param tool the name under which the servlet describes it
   * @throws InterruptedException when the calling thread is interrupted; the servlet is stopped
   */
  public ToolResult call(ServletModule module, Grant grant, String tool, ToolCall call)
      throws InterruptedException {
    var input = answers.input(tool, call.arguments());
    if (input.length > limits.input()) {
      return ToolResult.error(
          "The arguments are larger than the %s that a tool takes."
              .formatted(Limits.size(limits.input())));
    }
    var left = left(call);
    var deadlineFirst = left.compareTo(limits.queueTime()) < 0;
    if (!enter(grant.owner(), deadlineFirst ? left : limits.queueTime())) {
      return ToolResult.error(
          deadlineFirst
              ? "Too many tools are running; the call's time ran out in the queue."
              : "Too many tools are running: the call got no turn within %s; call it again later."
                  .formatted(Limits.span(limits.queueTime())));
    }
    var begun = System.nanoTime();
    var time = limits.wallTime();
    var ending = run(module, "call", grant, true, input, time, left(call), call.log());
    times.called(
        Duration.ofNanos(System.nanoTime() - begun),
        switch (ending) {
          case Ending.Returned _ -> ServletTimes.End.RETURNED;
          case Ending.Failed _ -> ServletTimes.End.FAILED;
          case Ending.Interrupted _ -> ServletTimes.End.STOPPED;
        });
    return switch (ending) {
      case Ending.Returned returned -> answers.of(returned);
      case Ending.Failed(var sentence) -> ToolResult.error(sentence);
      case Ending.Interrupted(var atDeadline) ->
          ToolResult.error(
              atDeadline
                  ? "The tool was stopped because the time for this call was over."
                  : "The tool was stopped because it took longer than %s, which is its limit."
                      .formatted(Limits.span(limits.wallTime())));
    };
  }

  /** Takes one of {@link #calls} and one of {@link #cores}, or neither. */
  private boolean enter(CallOwner owner, Duration patience) throws InterruptedException {
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

  /** Runs a guest, and gives back what the caller has taken for it with {@link #enter}. */
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
        thread.start();
      } catch (Throwable e) {
        core.release();
        calls.give(owner);
        throw e;
      }
      return thread.await(time, last);
    } finally {
      guests.left(module, owner);
    }
  }

  /** The memory that its calls have together. */
  public SharedMemory memory() {
    return memory;
  }

  /** How many calls wait for a core. */
  public int queued() {
    return cores.waiting();
  }

  /** How many instances of a module were started in advance and wait for a call. */
  int waiting(ServletModule module) {
    return guests.waiting(module);
  }

  private Duration left(ToolCall call) {
    var left = Duration.between(clock.instant(), call.deadline());
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    // A deadline that is none may be further away than nanoseconds can count.
    return left.compareTo(FOREVER) < 0 ? left : FOREVER;
  }
}
