package dev.errand.tools.servlet.host;

import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.Machine;
import dev.errand.tools.servlet.module.BoundedInterpreter;
import dev.errand.tools.servlet.module.FunctionPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the functions in which a servlet crashed: compiled ones are methods in the stack trace, the
 * interpreter records the others.
 *
 * @param places where the functions of the module are
 * @param machine the machine that ran the module; null if it did not start
 * @param offset where in the module the last interpreted instruction is, or {@link #NO_OFFSET}
 */
record CrashSite(FunctionPlaces places, @Nullable Machine machine, int offset) {
  /** What runs is not the module as it was published. */
  static final int NO_OFFSET = -1;

  /** The innermost functions of a Rust panic are those that handle it, about eight of them. */
  private static final int MOST_CALLERS = 15;

  /** The compiler's name for the method of a function. */
  private static final Pattern METHOD = Pattern.compile("func_([0-9]{1,9})");

  /** A sentence with a space before it; empty where the place is not known. */
  String of(Throwable crash) {
    var trace = innermost(crash).getStackTrace();
    var inInterpreter = inInterpreter(trace);
    var functions = functions(trace, inInterpreter);
    if (functions.isEmpty()) {
      return "";
    }
    var first = functions.getFirst();
    var where =
        inInterpreter && offset != NO_OFFSET && !places.isNamed(first)
            ? "%s, at offset 0x%x".formatted(places.label(first), offset)
            : places.describe(first);
    var callers =
        functions.stream()
            .skip(1)
            .limit(MOST_CALLERS)
            .map(places::label)
            .collect(Collectors.joining(", by "));
    return " It was in " + where + (callers.isEmpty() ? "." : ", called by " + callers + ".");
  }

  /** A stack overflow may be wrapped further out, in an exception with that cause. */
  private static Throwable innermost(Throwable crash) {
    var cause = crash.getCause();
    return cause == null ? crash : innermost(cause);
  }

  /** The functions, the innermost first; a recursive one is listed once. */
  private List<Integer> functions(StackTraceElement[] trace, boolean inInterpreter) {
    var all = new ArrayList<Integer>();
    if (machine instanceof BoundedInterpreter interpreter) {
      all.addAll(interpreter.failed());
    } else {
      if (inInterpreter && offset != NO_OFFSET) {
        places.at(offset).ifPresent(all::add);
      }
      for (var frame : trace) {
        var method = METHOD.matcher(frame.getMethodName());
        if (method.matches()) {
          all.add(Integer.parseInt(method.group(1)));
        }
      }
    }
    return all.stream().distinct().toList();
  }

  /** Whether the innermost function was interpreted. */
  private static boolean inInterpreter(StackTraceElement[] trace) {
    for (var frame : trace) {
      if (METHOD.matcher(frame.getMethodName()).matches()) {
        return false;
      }
      if (frame.getClassName().startsWith(InterpreterMachine.class.getName())) {
        return true;
      }
    }
    return false;
  }
}
