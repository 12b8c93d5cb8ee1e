package dev.errand.tools.servlet.host;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.wasm.ChicoryException;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.servlet.abi.CurrentCall;
import dev.errand.tools.servlet.abi.Ending;
import dev.errand.tools.servlet.abi.ServletCall;
import dev.errand.tools.servlet.limit.CallEnded;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.module.BoundedInterpreter;
import dev.errand.tools.servlet.module.BoundedTable;
import dev.errand.tools.servlet.module.LinearMemory;
import dev.errand.tools.servlet.module.ServletModule;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A fresh instance of a module, which is started, called once and discarded. It can be started in
 * advance; host functions that need a call then fail.
 */
final class Guest {
  private final ServletModule module;
  private final Limits limits;
  private final BoundedInterpreter.Watch watch = new BoundedInterpreter.Watch();
  private @Nullable Instance ready;
  private @Nullable CurrentCall current;
  private @Nullable LinearMemory memory;
  private @Nullable Machine machine;

  Guest(ServletModule module, Limits limits) {
    this.module = module;
    this.limits = limits;
  }

  /**
   * Starts the instance before it has a call.
   *
   * @param none a placeholder call with a compute permit and random numbers
   * @return false if it can't start without a call; discard it then
   */
  boolean startEarly(ServletCall none) {
    try {
      var place = new CurrentCall(none);
      var instance = instance(place);
      start(instance);
      place.idle();
      current = place;
      ready = instance;
      return true;
    } catch (RuntimeException | LinkageError | AssertionError | VirtualMachineError e) {
      return false;
    }
  }

  String threadName() {
    return "servlet-" + module.address().substring(0, 8);
  }

  long bytes() {
    var used = memory;
    return used == null ? 0 : used.bytes();
  }

  /** Executes an exported function for a call. Never throws for what the servlet does. */
  Ending run(String export, ServletCall call) {
    try {
      call.memory.open();
      return returned(invoke(startedFor(call), export), call);
    } catch (CallEnded.Exited e) {
      return exited(e.code(), call);
    } catch (CallEnded.Failed e) {
      return new Ending.Failed(e.sentence());
    } catch (CallEnded.Interrupted | ChicoryInterruptedException e) {
      return new Ending.Interrupted(false);
    } catch (StackOverflowError e) {
      return tooDeep(e, call);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      return crashed(e, call);
    } finally {
      call.memory.close();
      var used = memory;
      if (used != null) {
        module.ended(used.pages());
      }
    }
  }

  private Instance startedFor(ServletCall call) {
    var instance = ready;
    var place = current;
    if (instance == null || place == null) {
      place = new CurrentCall(call);
      place.take(call);
      instance = instance(place);
      start(instance);
    } else {
      call.memory.take(bytes());
      place.take(call);
    }
    return instance;
  }

  private Instance instance(CurrentCall current) {
    var functions =
        module.imports().stream().map(i -> i.bind(current)).toArray(ImportFunction[]::new);
    return Instance.builder(module.wasm())
        .withImportValues(ImportValues.builder().addFunction(functions).build())
        .withMachineFactory(
            made -> {
              var runs = module.machine().apply(made);
              machine = runs;
              return runs;
            })
        .withMemoryFactory(
            declared -> {
              var made =
                  new LinearMemory(declared, limits.memoryPages(), module.likelyPages(), current);
              memory = made;
              return made;
            })
        .withTableFactory(BoundedTable.factory(limits.tableEntries()))
        .withUnsafeExecutionListener(watch)
        .withStart(false)
        .build();
  }

  private void start(Instance instance) {
    for (var initializer : module.initializers()) {
      try {
        instance.export(initializer.export()).apply(initializer.arguments());
      } catch (CallEnded.Exited e) {
        if (e.code() != 0 || !initializer.mayExit()) {
          throw new CallEnded.Failed(
              "The tool exited with code %d in %s, which runs before each call; only the call itself may exit."
                  .formatted(e.code(), initializer.export()));
        }
      }
    }
  }

  private static int invoke(Instance instance, String export) {
    var results = instance.export(export).apply();
    return results == null || results.length == 0 ? 0 : (int) results[0];
  }

  /** Reading the output may fail, if its offset is outside the arena. */
  private static Ending exited(int code, ServletCall call) {
    try {
      return returned(code, call);
    } catch (CallEnded.Failed e) {
      return new Ending.Failed(e.sentence());
    }
  }

  private static Ending returned(int code, ServletCall call) {
    var error =
        new String(
            call.arena.read(call.errorOffset, Math.min(call.arena.length(call.errorOffset), 8192)),
            StandardCharsets.UTF_8);
    if (!error.isBlank()) {
      return new Ending.ReturnedError(WellFormed.text(error));
    }
    if (code != 0) {
      return new Ending.ReturnedError(
          "The tool failed with code " + code + " and no reason." + call.endOfLog());
    }
    if (call.outputLength < 0 || call.outputLength > call.limits.output()) {
      return new Ending.Failed(
          "The tool's answer exceeds its limit of %s; ask it for less at a time."
              .formatted(Limits.size(call.limits.output())));
    }
    return new Ending.Returned(call.arena.read(call.outputOffset, call.outputLength));
  }

  private Ending crashed(Throwable e, ServletCall call) {
    var message = String.valueOf(e.getMessage());
    if (message.contains("call stack exhausted")) {
      return tooDeep(e, call);
    }
    var why =
        e instanceof TrapException || e instanceof ChicoryException
            ? "The tool crashed: " + message + "."
            : "The tool crashed.";
    why += site(e);
    var asked = memory;
    if (asked != null && asked.refused()) {
      why +=
          " It had asked for more memory than its limit of %s."
              .formatted(Limits.size(limits.memory()));
    }
    return new Ending.Failed(why + call.endOfLog());
  }

  private Ending tooDeep(Throwable e, ServletCall call) {
    return new Ending.Failed(
        "The tool crashed: it called itself too deeply." + site(e) + call.endOfLog());
  }

  private String site(Throwable e) {
    var offset = module.runsItsSource() ? watch.offset() : CrashSite.NO_OFFSET;
    return new CrashSite(module.places(), machine, offset).of(e);
  }
}
