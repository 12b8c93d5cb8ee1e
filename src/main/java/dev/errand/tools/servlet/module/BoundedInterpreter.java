package dev.errand.tools.servlet.module;

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
 * stack size does not bound recursion. The frames of all calls take a sixteenth of the heap at
 * most, and those of one call half of that.
 */
public final class BoundedInterpreter extends InterpreterMachine {
  private static final long MOST_BYTES = 128L << 20;
  private static final long CHUNK_BYTES = 1L << 20;
  private static final int FRAME_BYTES = 256;

  // Its value, its type and its index.
  private static final int VARIABLE_BYTES = Long.BYTES + Long.BYTES + Integer.BYTES;
  private static final int CHECK_EVERY = 64;
  private static final int MOST_REMEMBERED = 64;

  private final List<Integer> failed = new ArrayList<>();
  private final long most;
  private final FrameBudget budget;
  private long bytes;
  private long reserved;

  public BoundedInterpreter(Instance instance) {
    this(instance, FrameBudget.OF_PROCESS);
  }

  BoundedInterpreter(Instance instance, FrameBudget budget) {
    super(instance);
    this.budget = budget;
    this.most = Math.min(MOST_BYTES, budget.mostOfOne());
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
    var cost = 0L;
    var operands = 0L;
    if (body != null) {
      cost = FRAME_BYTES + (long) VARIABLE_BYTES * (args.length + body.localTypes().size());
      // An instruction pushes at most one value, so their count bounds what the frame adds.
      operands = body.instructions().size();
    }
    // The array of the operands grows by doubling.
    var wanted = bytes + cost + Long.BYTES * (2L * stack.size() + operands);
    if (wanted > most || !isReserved(wanted)) {
      releaseAtTheEnd();
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
      releaseAtTheEnd();
    }
  }

  private void releaseAtTheEnd() {
    if (bytes == 0) {
      budget.release(reserved);
      reserved = 0;
    }
  }

  /** Reserves so many bytes for the frames of this call, if there are as many left. */
  private boolean isReserved(long wanted) {
    while (reserved < wanted) {
      if (!budget.tryReserve(CHUNK_BYTES)) {
        return false;
      }
      reserved += CHUNK_BYTES;
    }
    return true;
  }
}
