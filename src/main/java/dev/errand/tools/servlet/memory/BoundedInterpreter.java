package dev.errand.tools.servlet.memory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ExecutionListener;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.runtime.StackFrame;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.util.Deque;

/**
 * The interpreter, with a bound on the frames that recursion piles up on the heap, where the stack
 * of the thread does not bound them.
 */
public final class BoundedInterpreter extends InterpreterMachine {
  private static final long MOST_BYTES = 128L << 20;
  private static final int CHECK_EVERY = 64;

  private long bytes;

  public BoundedInterpreter(Instance instance) {
    super(instance);
  }

  /**
   * Stops interpreted code at an interrupt, wherever it is: the interpreter itself looks only at
   * calls and plain branches, not at loops closed by {@code br_if}, {@code br_table} or {@code
   * return_call}.
   */
  public static ExecutionListener stopper() {
    var count = new int[1];
    return (instruction, stack) -> {
      if (++count[0] % CHECK_EVERY == 0 && Thread.currentThread().isInterrupted()) {
        throw new ChicoryInterruptedException("interrupted");
      }
    };
  }

  @Override
  protected long[] call(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] args,
      FunctionType callType,
      boolean popResults) {
    var body = instance.function(function);
    // An instruction pushes at most one value, so their count bounds the operands of a frame.
    var cost =
        body == null ? 0 : 128L + 8L * body.localTypes().size() + 8L * body.instructions().size();
    if (bytes + cost > MOST_BYTES) {
      throw new TrapException("call stack exhausted");
    }
    bytes += cost;
    try {
      return super.call(stack, instance, callStack, function, args, callType, popResults);
    } finally {
      bytes -= cost;
    }
  }
}
