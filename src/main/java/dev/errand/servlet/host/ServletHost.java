package dev.errand.servlet.host;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.egress.GuardedHttp;
import dev.errand.servlet.host.prebuilt.BuiltIn;
import dev.errand.tool.ToolCall;
import dev.errand.tool.ToolLog;
import dev.errand.tool.ToolResult;
import dev.errand.tool.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs servlets. Every call has an instance that no other had, and a thread of its own; nothing
 * that one call does can be seen by another, and all of it is under {@link Limits}.
 */
@ApplicationScoped
public class ServletHost {
  /** Compiling is recursive in places, and its input is not trusted. */
  private static final long LOADER_STACK = 16L << 20;

  private static final Duration FOREVER = Duration.ofDays(365);

  private final Limits limits;
  private final GuardedHttp http;
  private final Engine engine;
  private final PrebuiltModules prebuilt;
  private final ModuleLoader loader;
  private final ModuleCache modules;
  private final Semaphore loads = new Semaphore(1, true);
  private final Semaphore calls;
  private final Semaphore cores;
  private final SharedMemory memory;
  private final SecureRandom random = new SecureRandom();
  private final EarlyGuests guests;
  private final Clock clock = Clock.systemUTC();
  private final ToolAnswer answers;
  private final Description description;
  private final ServletTimes times;

  /** A host under the configured limits, on the fastest engine that there is. */
  @Inject
  public ServletHost(ServletConfig config, GuardedHttp http, CodeStore store, ServletTimes times) {
    this(Limits.of(config), http, Engine.best(), new BuiltIn(), store, times);
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
    this.engine = engine;
    this.prebuilt = prebuilt;
    this.loader = new ModuleLoader(limits, engine, prebuilt, store);
    this.modules = new ModuleCache(limits.cachedModules(), limits.cachedBytes());
    this.calls = new Semaphore(limits.calls(), true);
    this.cores = new Semaphore(limits.cores(), true);
    this.memory = new SharedMemory(limits.memoryTotal(), limits.calls());
    this.guests = new EarlyGuests(limits, cores, memory, random);
    var json = JsonMapper.builder().build();
    this.answers = new ToolAnswer(json);
    this.description = new Description(json, limits);
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
    return modules.get(address, result -> load(address, wasm, result));
  }

  /** The module of the bytes with that SHA-256, if it was made and is still kept. */
  public Optional<ServletModule> loaded(String address) {
    return modules.find(address);
  }

  /**
   * How this process runs the module with that SHA-256, or will when it is loaded.
   *
   * @param whole whether a compiler is known to take all of its functions, or nothing is known
   */
  public Execution execution(String address, boolean whole) {
    if (prebuilt.find(address).isPresent()) {
      return Execution.BUILT_IN;
    }
    return switch (engine) {
      case INTERPRETED -> Execution.INTERPRETED;
      case COMPILED -> {
        boolean interpreted = loaded(address).map(ServletModule::interpreted).orElse(!whole);
        yield interpreted ? Execution.INTERPRETED : Execution.COMPILED;
      }
    };
  }

  /**
   * Whether a module that was loaded here shows that a compiler can't take all of its functions.
   */
  public boolean tooLarge(ServletModule module) {
    return engine == Engine.COMPILED && module.interpreted();
  }

  /** What the calls of one run may spend on the network together. */
  public HttpBudget runBudget() {
    return new HttpBudget(limits.runHttpRequests());
  }

  private void load(String address, byte[] wasm, CompletableFuture<ServletModule> result) {
    var thread =
        new Thread(
            null,
            () -> {
              // One at a time: a module being compiled takes many times its size.
              loads.acquireUninterruptibly();
              try {
                var begun = System.nanoTime();
                var module = loader.load(address, wasm);
                times.loaded(Duration.ofNanos(System.nanoTime() - begun));
                result.complete(module);
              } catch (Throwable e) {
                result.completeExceptionally(e);
              } finally {
                loads.release();
              }
            },
            "servlet-load",
            LOADER_STACK);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * The tools of a servlet, as it describes them itself; it has no network and no settings for
   * that.
   *
   * @throws InvalidServletException when it fails, or what it says can't be used
   * @throws InterruptedException when the calling thread is interrupted; the servlet is stopped
   */
  public List<ToolSpec> describe(ServletModule module)
      throws InvalidServletException, InterruptedException {
    calls.acquire();
    try {
      cores.acquire();
    } catch (InterruptedException e) {
      calls.release();
      throw e;
    }
    var time = limits.describeTime();
    return description.tools(
        run(module, "describe", Grant.NONE, false, new byte[0], time, ToolLog.NONE));
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
    if (!enter(call)) {
      return ToolResult.error("Too many tools are running; the call's time ran out in the queue.");
    }
    var left = left(call);
    var deadlineFirst = left.compareTo(limits.wallTime()) < 0;
    var time = deadlineFirst ? left : limits.wallTime();
    var begun = System.nanoTime();
    var ending = run(module, "call", grant, true, input, time, call.log());
    times.called(
        Duration.ofNanos(System.nanoTime() - begun),
        switch (ending) {
          case Ending.Returned _ -> ServletTimes.End.RETURNED;
          case Ending.Failed _ -> ServletTimes.End.FAILED;
          case Ending.Interrupted() -> ServletTimes.End.STOPPED;
        });
    return switch (ending) {
      case Ending.Returned returned -> answers.of(returned);
      case Ending.Failed(var sentence) -> ToolResult.error(sentence);
      case Ending.Interrupted() ->
          ToolResult.error(
              deadlineFirst
                  ? "The tool was stopped because the time for this call was over."
                  : "The tool was stopped because it took longer than %s, which is its limit."
                      .formatted(Limits.span(limits.wallTime())));
    };
  }

  /** Takes a permit of {@link #calls} and one of {@link #cores}, or neither. */
  private boolean enter(ToolCall call) throws InterruptedException {
    if (!calls.tryAcquire(left(call).toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    var entered = false;
    try {
      entered = cores.tryAcquire(left(call).toNanos(), TimeUnit.NANOSECONDS);
      return entered;
    } finally {
      if (!entered) {
        calls.release();
      }
    }
  }

  /** Runs a guest, and gives back the permits that the caller has taken for it. */
  private Ending run(
      ServletModule module,
      String export,
      Grant grant,
      boolean network,
      byte[] input,
      Duration time,
      ToolLog log)
      throws InterruptedException {
    var core = new Core(cores);
    var guest = guests.enter(module);
    try {
      GuestThread thread;
      try {
        var call = new Call(limits, grant, core, new Share(memory), random, network, input);
        thread = new GuestThread(guest, export, call, http, log, calls::release);
        thread.start();
      } catch (Throwable e) {
        core.release();
        calls.release();
        throw e;
      }
      return thread.await(time);
    } finally {
      guests.left(module);
    }
  }

  /** The memory that its calls have together. */
  SharedMemory memory() {
    return memory;
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
