package dev.errand.tools.servlet.module;

import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.repeat;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.wasm.Parser;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The frames of interpreted calls take a part of the heap, however many calls there are. */
class BoundedInterpreterTest {
  /** A function with 100 variables that calls itself for ever. */
  private static final byte[] RECURSION =
      HexFormat.of()
          .parseHex(
              "0061736d01000000" // the header
                  + "010401600000" // a type: no parameters, no results
                  + "03020100" // a function of it
                  + "07050101660000" // exported as f
                  + "0a08010601647e10000b"); // 100 variables of 64 bits, a call of itself

  private final FrameBudget budget = new FrameBudget(() -> 2L << 20);

  // Frames are on the thread's stack, too, which is to be no bound here.
  private static final long STACK = 256L << 20;

  @Test
  void framesOfAllCallsAreBoundedTogether() throws Exception {
    AtomicInteger third = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    AtomicInteger first = new AtomicInteger();
    // Each takes its half at its deepest, and the next begins there: nothing is left for the third.
    onALargeStack(() -> exhaust(first, () -> exhaust(second, () -> exhaust(third, () -> {}))));
    assertTrue(first.get() > 100, first::toString);
    assertTrue(second.get() > 100, second::toString);
    assertEquals(0, third.get());
  }

  @Test
  void framesThatEndedAreGivenBack() throws Exception {
    onALargeStack(() -> exhaust(new AtomicInteger(), () -> {}));
    assertEquals(0, budget.reserved());
  }

  @Test
  void operandsOfOneFrameAreBounded() {
    assertNull(instance(constants(60_000)).export("f").apply());
    Instance large = instance(constants(70_000));
    TrapException end = assertThrows(TrapException.class, () -> large.export("f").apply());
    assertEquals("call stack exhausted", end.getMessage());
    assertEquals(0, budget.reserved());
  }

  private Instance instance(byte[] wasm) {
    return Instance.builder(Parser.parse(wasm))
        .withMachineFactory(made -> new BoundedInterpreter(made, budget))
        .build();
  }

  /** A module whose function f pushes so many values, and then drops each. */
  private static byte[] constants(int count) {
    byte[] body =
        bytes(
            new byte[] {0},
            repeat(new byte[] {0x41, 0}, count),
            repeat(new byte[] {0x1A}, count),
            new byte[] {0x0B});
    return bytes(
        header(),
        section(1, new byte[] {1, 0x60, 0, 0}),
        section(3, new byte[] {1, 0}),
        section(7, new byte[] {1, 1, 'f', 0, 0}),
        section(10, bytes(new byte[] {1}, number(body.length), body)));
  }

  private static void onALargeStack(Runnable task) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(null, task, "recursion", STACK);
    thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
    thread.start();
    thread.join();
    assertNull(failure.get());
  }

  /** Recurses until it may not any more; calls back once, in a frame that is deep enough. */
  private void exhaust(AtomicInteger depth, Runnable deep) {
    Instance instance =
        Instance.builder(Parser.parse(RECURSION))
            .withMachineFactory(made -> new BoundedInterpreter(made, budget))
            .withUnsafeExecutionListener(
                (instruction, stack) -> {
                  if (depth.incrementAndGet() == 200) {
                    deep.run();
                  }
                })
            .build();
    TrapException end = assertThrows(TrapException.class, () -> instance.export("f").apply());
    assertEquals("call stack exhausted", end.getMessage());
  }
}
