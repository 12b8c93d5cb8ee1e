package dev.errand.tools.servlet.module;

import com.dylibso.chicory.runtime.ConstantEvaluators;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.UninstantiableException;
import com.dylibso.chicory.wasm.types.ActiveDataSegment;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.PassiveDataSegment;
import dev.errand.tools.servlet.abi.CurrentCall;
import dev.errand.tools.servlet.limit.CallEnded;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The linear memory of one instance. It enforces a limit, and checks for interrupts before bulk
 * operations, since compiled code checks only at loops and calls.
 */
public final class LinearMemory implements Memory {
  private final CurrentCall current;
  private final int initialPages;
  private final int maximumPages;
  private byte[] bytes;
  private int size;

  /** Below this address there are at least 8 bytes. */
  private int safe;

  private boolean refused;
  private DataSegment @Nullable [] segments;

  /**
   * Creates the memory that a module declares.
   *
   * @param mostPages the limit in pages, whatever the module declares
   * @param likelyPages how many pages it will probably grow to, for which there is room at once
   * @param current holds the call that the memory is counted for
   * @throws CallEnded.Failed when the shared memory is used up
   */
  public LinearMemory(MemoryLimits declared, int mostPages, int likelyPages, CurrentCall current) {
    this.current = current;
    this.initialPages = declared.initialPages();
    this.maximumPages = Math.min(declared.maximumPages(), mostPages);
    if (initialPages > maximumPages) {
      throw new UninstantiableException("the memory is larger than a servlet may have");
    }
    this.size = initialPages * PAGE_SIZE;
    this.safe = Math.max(0, size - 7);
    this.bytes = new byte[takeFor(Math.clamp(likelyPages, initialPages, maximumPages) * PAGE_SIZE)];
  }

  /** Takes as much of the shared memory, or the size where there is not so much left. */
  private int takeFor(int capacity) {
    var memory = current.any().memory;
    if (capacity > size) {
      try {
        memory.take(capacity);
        return capacity;
      } catch (CallEnded.Failed e) {
        // The spare room only saves time.
      }
    }
    memory.take(size);
    return size;
  }

  /** The bytes that it takes, spare capacity included. */
  public long bytes() {
    return bytes.length;
  }

  /** Whether the servlet asked for more than its limit. */
  public boolean refused() {
    return refused;
  }

  @Override
  public int pages() {
    return size / PAGE_SIZE;
  }

  @Override
  public int grow(int more) {
    var before = pages();
    var after = (long) before + more;
    if (more < 0 || after > maximumPages) {
      refused = true;
      return -1;
    }
    var newSize = (int) after * PAGE_SIZE;
    if (newSize > bytes.length) {
      var most = maximumPages * (long) PAGE_SIZE;
      var capacity = (int) Math.max(newSize, Math.min(most, newSize * 3L / 2));
      current.any().memory.take(capacity - bytes.length);
      bytes = Arrays.copyOf(bytes, capacity);
    }
    size = newSize;
    safe = Math.max(0, size - 7);
    return before;
  }

  @Override
  public int initialPages() {
    return initialPages;
  }

  @Override
  public int maximumPages() {
    return maximumPages;
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  @SuppressWarnings("removal")
  public Object lock(int address) {
    throw new UnsupportedOperationException("memory is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeout) {
    throw new UnsupportedOperationException("memory is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeout) {
    throw new UnsupportedOperationException("memory is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int notify(int address, int maxThreads) {
    return 0;
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments) {
    this.segments = dataSegments;
    for (var i = 0; i < dataSegments.length; i++) {
      var segment = dataSegments[i];
      if (segment instanceof ActiveDataSegment active && active.index() == 0) {
        var data = active.data();
        var at =
            (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
        if (at < 0 || at > size - data.length) {
          throw new UninstantiableException("out of bounds memory access");
        }
        System.arraycopy(data, 0, bytes, at, data.length);
        drop(i);
      }
    }
  }

  @Override
  public void initPassiveSegment(int segmentId, int dest, int offset, int length) {
    var all = segments;
    write(dest, all == null ? new byte[0] : all[segmentId].data(), offset, length);
  }

  @Override
  public void drop(int segment) {
    if (segments != null) {
      segments[segment] = PassiveDataSegment.EMPTY;
    }
  }

  @Override
  public void write(int addr, byte[] data, int offset, int length) {
    check(addr, length);
    if (offset < 0 || length > data.length - offset) {
      throw outOfBounds(offset, length);
    }
    Interrupts.check();
    System.arraycopy(data, offset, bytes, addr, length);
  }

  @Override
  public byte[] readBytes(int addr, int length) {
    check(addr, length);
    return Arrays.copyOfRange(bytes, addr, addr + length);
  }

  @Override
  public void zero() {
    // A new memory is zeroed, and used only once.
  }

  @Override
  public void fill(byte value, int from, int to) {
    check(from, to - from);
    Interrupts.check();
    Arrays.fill(bytes, from, to, value);
  }

  @Override
  public void copy(int dest, int src, int length) {
    check(dest, length);
    check(src, length);
    Interrupts.check();
    System.arraycopy(bytes, src, bytes, dest, length);
  }

  @Override
  public byte read(int addr) {
    access(addr, 1);
    return bytes[addr];
  }

  @Override
  public void writeByte(int addr, byte data) {
    access(addr, 1);
    bytes[addr] = data;
  }

  @Override
  public short readShort(int addr) {
    access(addr, 2);
    return (short) LittleEndian.SHORT.get(bytes, addr);
  }

  @Override
  public long readU16(int addr) {
    return readShort(addr) & 0xFFFF;
  }

  @Override
  public void writeShort(int addr, short data) {
    access(addr, 2);
    LittleEndian.SHORT.set(bytes, addr, data);
  }

  @Override
  public int readInt(int addr) {
    access(addr, 4);
    return (int) LittleEndian.INT.get(bytes, addr);
  }

  @Override
  public void writeI32(int addr, int data) {
    access(addr, 4);
    LittleEndian.INT.set(bytes, addr, data);
  }

  @Override
  public long readLong(int addr) {
    access(addr, 8);
    return (long) LittleEndian.LONG.get(bytes, addr);
  }

  @Override
  public void writeLong(int addr, long data) {
    access(addr, 8);
    LittleEndian.LONG.set(bytes, addr, data);
  }

  @Override
  public void writeF32(int addr, float data) {
    writeI32(addr, Float.floatToRawIntBits(data));
  }

  @Override
  public long readF32(int addr) {
    return readInt(addr);
  }

  @Override
  public float readFloat(int addr) {
    return Float.intBitsToFloat(readInt(addr));
  }

  @Override
  public void writeF64(int addr, double data) {
    writeLong(addr, Double.doubleToRawLongBits(data));
  }

  @Override
  public double readDouble(int addr) {
    return Double.longBitsToDouble(readLong(addr));
  }

  @Override
  public long readF64(int addr) {
    return readLong(addr);
  }

  private void access(int addr, int length) {
    // One comparison for most addresses; negative ones are large without their sign.
    if (Integer.compareUnsigned(addr, safe) >= 0) {
      check(addr, length);
    }
  }

  private void check(int addr, int length) {
    // size - length can't overflow, since neither is negative here.
    if ((addr | length) < 0 || addr > size - length) {
      throw outOfBounds(addr, length);
    }
  }

  private WasmRuntimeException outOfBounds(int addr, int length) {
    return new WasmRuntimeException(
        "out of bounds memory access: %d bytes at %d of %d"
            .formatted(length, Integer.toUnsignedLong(addr), size));
  }

  /** Numbers in an array of bytes, as WebAssembly stores them. */
  private static final class LittleEndian {
    static final VarHandle SHORT = view(short[].class);
    static final VarHandle INT = view(int[].class);
    static final VarHandle LONG = view(long[].class);

    private LittleEndian() {}

    private static VarHandle view(Class<?> numbers) {
      return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.LITTLE_ENDIAN);
    }
  }
}
