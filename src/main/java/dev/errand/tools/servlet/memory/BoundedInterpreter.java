package dev.errand.tools.servlet.memory;

import com.dylibso.chicory.runtime.ExecutionListener;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.runtime.StackFrame;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Instruction;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * An interpreter that bounds the memory of call frames. Frames are on the heap, where the thread's
 * stack size does not bound recursion.
 */
public final class BoundedInterpreter extends InterpreterMachine {
  private static final long MOST_BYTES = 128L << 20;
  private static final int CHECK_EVERY = 64;
  private static final int MOST_REMEMBERED = 64;

  private final List<Integer> failed = new ArrayList<>();
  private long bytes;

  public BoundedInterpreter(Instance instance) {
    super(instance);
  }

  /**
   * A listener that stops interpreted code at an interrupt. The interpreter itself checks only at
   * calls and plain branches, not in loops closed by {@code br_if}, {@code br_table} or {@code
   * return_call}. It also remembers which instruction was the last.
   */
  public static final class Watch implements ExecutionListener {
    private int count;
    private int offset;

    @Override
    public void onExecution(Instruction instruction, MStack stack) {
      offset = instruction.address();
      if (++count % CHECK_EVERY == 0) {
        Interrupts.check();
      }
    }

    /** Where in the module the last interpreted instruction is. */
    public int offset() {
      return offset;
    }
  }

  /** The functions that an exception has ended, the innermost first. */
  public List<Integer> failed() {
    return List.copyOf(failed);
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
    } catch (RuntimeException e) {
      if (failed.size() < MOST_REMEMBERED) {
        failed.add(function);
      }
      throw e;
    } finally {
      bytes -= cost;
    }
  }
}
