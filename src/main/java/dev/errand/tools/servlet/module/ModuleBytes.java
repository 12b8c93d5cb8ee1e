package dev.errand.tools.servlet.module;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The bytes of a module, or of a part of it, from the first to the last.
 *
 * <p>Reading past the end throws {@link BufferUnderflowException}.
 */
public final class ModuleBytes {
  private static final int LONGEST_U32 = 5;
  private static final int LONGEST_S64 = 10;

  /** A flag of limits: they have a maximum. */
  private static final int HAS_MOST = 1;

  /** A flag of limits: addresses have 64 bits. */
  public static final int HAS_64_BITS = 4;

  /** A flag of limits: pages have a size of their own. */
  public static final int HAS_PAGE_SIZE = 8;

  private final ByteBuffer bytes;

  private ModuleBytes(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** The bytes from an offset on. */
  public static ModuleBytes of(byte[] wasm, int from) {
    return new ModuleBytes(ByteBuffer.wrap(wasm).position(from));
  }

  public boolean hasRemaining() {
    return bytes.hasRemaining();
  }

  public int remaining() {
    return bytes.remaining();
  }

  public int position() {
    return bytes.position();
  }

  /** Copies the bytes that were read since a position. */
  public void copy(int from, ModuleWriter out) {
    out.write(bytes.array(), bytes.arrayOffset() + from, bytes.position() - from);
  }

  /** The next bytes. */
  public byte[] bytes(long count) {
    if (count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    var next = new byte[(int) count];
    bytes.get(next);
    return next;
  }

  /** The next byte, which stays the next. */
  public int peek() {
    if (!hasRemaining()) {
      throw new BufferUnderflowException();
    }
    return bytes.get(bytes.position()) & 0xFF;
  }

  public int next() {
    return bytes.get() & 0xFF;
  }

  public void skip(long count) {
    if (count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    bytes.position(bytes.position() + (int) count);
  }

  /** The next bytes as a separate part; reading continues after them. */
  public ModuleBytes part(long size) {
    var from = bytes.position();
    skip(size);
    return new ModuleBytes(bytes.slice(from, (int) size));
  }

  /** A number of 32 bits without a sign. */
  public long unsigned() {
    var value = 0L;
    for (var i = 0; i < LONGEST_U32; i++) {
      var next = bytes.get();
      value |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        return value & 0xFFFFFFFFL;
      }
    }
    throw new BufferUnderflowException();
  }

  /** The number of following items, each of which takes a byte or more. */
  public int count() {
    var count = unsigned();
    if (count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    return (int) count;
  }

  /** A fixed number of 64 bits, the lowest byte first. */
  public long fixed() {
    return Long.reverseBytes(bytes.getLong());
  }

  /** Skips a number of any size. */
  public void number() {
    for (var i = 0; i < LONGEST_S64; i++) {
      if (bytes.get() >= 0) {
        return;
      }
    }
    throw new BufferUnderflowException();
  }

  /**
   * Skips the limits of a table or a memory.
   *
   * @return their flags
   */
  public int limits() {
    var flags = next();
    number();
    if ((flags & HAS_MOST) != 0) {
      number();
    }
    if ((flags & HAS_PAGE_SIZE) != 0) {
      number();
    }
    return flags;
  }

  /** Skips a value type; a reference to a heap type has a number after it. */
  public void type() {
    var code = unsigned();
    if (code == 0x63 || code == 0x64) {
      number();
    }
  }
}
