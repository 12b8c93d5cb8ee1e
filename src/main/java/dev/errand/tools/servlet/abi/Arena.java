package dev.errand.tools.servlet.abi;

import dev.errand.tools.servlet.limit.CallEnded;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An allocator for the memory that a servlet and this host exchange bytes through. The servlet
 * addresses a block by the offset of its first byte; a wrong or freed offset harms only its own
 * data.
 */
public final class Arena {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Where blocks begin, so that no block is at 0, which means none. */
  private static final int FIRST = 16;

  private static final int ALIGN = 16;

  /** The bytes of bookkeeping for a block, counted against the cap. */
  private static final int PER_BLOCK = 16;

  private final int cap;
  private final CallMemory memory;
  private byte[] bytes = new byte[4096];
  private int top = FIRST;

  // Blocks in the order of their offsets: where each begins, and its length, or -1 when it is free.
  private int[] starts = new int[16];
  private int[] lengths = new int[16];
  private int count;

  private int lastFound;
  private int[] freed = new int[8];
  private int freedCount;

  Arena(int cap, CallMemory memory) {
    this.cap = cap;
    this.memory = memory;
    memory.take(bytes.length);
  }

  /**
   * Allocates a block; its bytes are not cleared.
   *
   * @return its offset, or 0 for a length of 0
   * @throws CallEnded.Failed when the arena is full
   */
  long alloc(long length) {
    if (length == 0) {
      return 0;
    }
    var used = top + (long) count * PER_BLOCK;
    if (length < 0 || length > cap - used) {
      var reused = length < 0 || length > cap ? -1 : takeFreed((int) length);
      if (reused >= 0) {
        return reused;
      }
      throw new CallEnded.Failed(
          "The tool exceeded the %s of data that a call may exchange; ask it for less at a time."
              .formatted(Limits.size(cap)));
    }
    var reused = takeFreed((int) length);
    if (reused >= 0) {
      return reused;
    }
    var start = top;
    var end = start + (((int) length + ALIGN - 1) & -ALIGN);
    if (end > bytes.length) {
      var size = (int) Math.max(end, Math.min(cap + 64L, end * 2L));
      memory.take(size - bytes.length);
      bytes = Arrays.copyOf(bytes, size);
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    starts[count] = start;
    lengths[count++] = (int) length;
    top = end;
    return start;
  }

  /** Allocates a block with a copy of these bytes. */
  long put(byte[] data) {
    var offset = alloc(data.length);
    System.arraycopy(data, 0, bytes, (int) offset, data.length);
    return offset;
  }

  /** Allocates a block without bytes, which is not 0: an empty value, in place of none. */
  long empty() {
    var offset = alloc(1);
    lengths[find(offset)] = 0;
    return offset;
  }

  /** Frees a block; ignores an offset where no block begins. */
  void free(long offset) {
    var block = find(offset);
    if (block < 0) {
      return;
    }
    lengths[block] = -1;
    if (block == count - 1) {
      while (count > 0 && lengths[count - 1] == -1) {
        top = starts[--count];
      }
      return;
    }
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, freedCount * 2);
    }
    freed[freedCount++] = block;
  }

  /** The length of a block; 0 for an offset where no block begins. */
  public long length(long offset) {
    var block = find(offset);
    return block < 0 ? 0 : lengths[block];
  }

  /** The bytes from the first to the last block, including freed ones between them. */
  long size() {
    return (long) top - FIRST;
  }

  void reset() {
    top = FIRST;
    count = 0;
    freedCount = 0;
  }

  int loadByte(long offset) {
    check(offset, 1);
    return bytes[(int) offset] & 0xFF;
  }

  void storeByte(long offset, long value) {
    check(offset, 1);
    bytes[(int) offset] = (byte) value;
  }

  long loadLong(long offset) {
    check(offset, 8);
    return (long) LONG.get(bytes, (int) offset);
  }

  void storeLong(long offset, long value) {
    check(offset, 8);
    LONG.set(bytes, (int) offset, value);
  }

  /** A copy of any bytes within the arena. */
  public byte[] read(long offset, long length) {
    if (length == 0) {
      return new byte[0];
    }
    check(offset, length);
    return Arrays.copyOfRange(bytes, (int) offset, (int) (offset + length));
  }

  private void check(long offset, long length) {
    if (offset < FIRST || length < 0 || offset > top - length) {
      throw new CallEnded.Failed(
          "The tool crashed: it used %d bytes at %d, outside the memory that it shares with its host."
              .formatted(length, offset));
    }
  }

  /**
   * Reuses one of the eight blocks freed last, if the length fits and wastes less than half.
   *
   * @return its offset, or -1
   */
  private int takeFreed(int length) {
    for (var i = freedCount - 1; i >= Math.max(0, freedCount - 8); i--) {
      var block = freed[i];
      if (block >= count || lengths[block] != -1) {
        // The end of the arena was cut back over it, and may have grown again since.
        freed[i] = freed[--freedCount];
        continue;
      }
      var capacity = (block + 1 < count ? starts[block + 1] : top) - starts[block];
      if (length <= capacity && capacity <= 2L * length + ALIGN) {
        freed[i] = freed[--freedCount];
        lengths[block] = length;
        return starts[block];
      }
    }
    return -1;
  }

  /** The index of the live block that begins there, or -1. */
  private int find(long offset) {
    if (offset < FIRST || offset >= top) {
      return -1;
    }
    var at = (int) offset;
    if (lastFound < count && starts[lastFound] == at) {
      return lengths[lastFound] == -1 ? -1 : lastFound;
    }
    var block = Arrays.binarySearch(starts, 0, count, at);
    if (block < 0 || lengths[block] == -1) {
      return -1;
    }
    lastFound = block;
    return block;
  }
}
