package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.servlet.abi.CurrentCall;
import dev.errand.tools.servlet.abi.ServletCall;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.ComputePermit;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.SharedMemory;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of linear memory, to the byte. */
class LinearMemoryTest {
  private static LinearMemory memory(int pages) {
    return memory(pages, 0);
  }

  private static LinearMemory memory(int pages, int likely) {
    var call =
        new ServletCall(
            Fixture.limits(),
            Grant.NONE,
            new ComputePermit(new FairSemaphore(1), WorkOwner.NOBODY, Duration.ofSeconds(1)),
            new CallMemory(new SharedMemory(1L << 30, 1)),
            new Random(1),
            false,
            new byte[0]);
    return new LinearMemory(new MemoryLimits(pages, 8), 8, likely, new CurrentCall(call));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void accessesEndWithTheMemory(int pages) {
    accessesEndAt(memory(pages), pages * LinearMemory.PAGE_SIZE);
    var grown = memory(pages);
    assertEquals(pages, grown.grow(3));
    accessesEndAt(grown, (pages + 3) * LinearMemory.PAGE_SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9})
  void accessesEndWithTheMemoryWhateverItWillProbablyGrowTo(int likely) {
    var memory = memory(2, likely);
    assertEquals(2, memory.pages());
    accessesEndAt(memory, 2 * LinearMemory.PAGE_SIZE);
    assertEquals(2, memory.grow(5));
    accessesEndAt(memory, 7 * LinearMemory.PAGE_SIZE);
    assertEquals(7, memory.grow(1));
    assertEquals(-1, memory.grow(1));
    accessesEndAt(memory, 8 * LinearMemory.PAGE_SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 8})
  void whatItGrowsByIsZero(int likely) {
    var memory = memory(1, likely);
    memory.fill((byte) 1, 0, LinearMemory.PAGE_SIZE);
    assertEquals(1, memory.grow(7));
    assertArrayEquals(
        new byte[7 * LinearMemory.PAGE_SIZE],
        memory.readBytes(LinearMemory.PAGE_SIZE, 7 * LinearMemory.PAGE_SIZE));
  }

  private static void accessesEndAt(LinearMemory memory, int size) {
    for (var length : new int[] {1, 2, 4, 8}) {
      for (var at = size - 20; at <= size - length; at++) {
        if (at >= 0) {
          write(memory, at, length);
          read(memory, at, length);
        }
      }
      for (var out : new int[] {-1, -length, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        refused(memory, out, length);
      }
      for (var at = size - length + 1; at <= size + 9; at++) {
        refused(memory, at, length);
      }
    }
  }

  private static void refused(LinearMemory memory, int at, int length) {
    assertThrows(WasmRuntimeException.class, () -> read(memory, at, length));
    assertThrows(WasmRuntimeException.class, () -> write(memory, at, length));
  }

  private static long read(LinearMemory memory, int at, int length) {
    return switch (length) {
      case 1 -> memory.read(at);
      case 2 -> memory.readShort(at);
      case 4 -> memory.readInt(at);
      default -> memory.readLong(at);
    };
  }

  private static void write(LinearMemory memory, int at, int length) {
    switch (length) {
      case 1 -> memory.writeByte(at, (byte) 1);
      case 2 -> memory.writeShort(at, (short) 1);
      case 4 -> memory.writeI32(at, 1);
      default -> memory.writeLong(at, 1);
    }
  }
}
