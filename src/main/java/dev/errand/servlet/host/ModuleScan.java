package dev.errand.servlet.host;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A first look at the bytes of a module, before the parser sees them: a few bytes can declare
 * billions of local variables, all of which the parser would list.
 */
final class ModuleScan {
  private static final int CODE_SECTION = 10;
  private static final int MOST_LOCALS_PER_FUNCTION = 10_000;
  private static final int MOST_LOCALS = 2_000_000;

  private final ByteBuffer bytes;
  private final Limits limits;

  private ModuleScan(byte[] wasm, Limits limits) {
    this.bytes = ByteBuffer.wrap(wasm);
    this.limits = limits;
  }

  /** Refuses bytes that are no module, or one whose code is too much to be parsed. */
  static void check(byte[] wasm, Limits limits) throws InvalidServletException {
    if (wasm.length > limits.module()) {
      throw new InvalidServletException(
          "The module has %d bytes; at most %s are allowed."
              .formatted(wasm.length, Limits.size(limits.module())));
    }
    var magic = new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0};
    if (wasm.length < magic.length || !java.util.Arrays.equals(wasm, 0, 8, magic, 0, 8)) {
      throw new InvalidServletException(
          wasm.length >= 8 && wasm[0] == 0 && wasm[1] == 'a' && wasm[6] == 1
              ? "This is a WebAssembly component; a servlet is a core module."
              : "This is no WebAssembly module: it does not begin with its magic number.");
    }
    try {
      new ModuleScan(wasm, limits).sections();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new InvalidServletException("The module is cut off or malformed.", e);
    }
  }

  private void sections() throws InvalidServletException {
    bytes.position(8);
    while (bytes.hasRemaining()) {
      var id = bytes.get();
      var size = unsigned();
      var end = bytes.position() + size;
      if (id == CODE_SECTION) {
        code(size);
      }
      bytes.position(index(end));
    }
  }

  private void code(long size) throws InvalidServletException {
    if (size > limits.code()) {
      throw new InvalidServletException(
          "The module has %d bytes of code; at most %s are allowed."
              .formatted(size, Limits.size(limits.code())));
    }
    var functions = unsigned();
    if (functions > limits.functions()) {
      throw new InvalidServletException(
          "The module has %d functions; at most %d are allowed."
              .formatted(functions, limits.functions()));
    }
    var total = 0L;
    for (var i = 0; i < functions; i++) {
      var length = unsigned();
      var end = bytes.position() + length;
      total += locals(i);
      if (total > MOST_LOCALS) {
        throw new InvalidServletException(
            "The functions of the module have more than %d local variables together."
                .formatted(MOST_LOCALS));
      }
      bytes.position(index(end));
    }
  }

  private long locals(int function) throws InvalidServletException {
    var groups = unsigned();
    var locals = 0L;
    for (var i = 0L; i < groups; i++) {
      locals += unsigned();
      if (locals > MOST_LOCALS_PER_FUNCTION) {
        throw new InvalidServletException(
            "Function %d of the module has more than %d local variables."
                .formatted(function, MOST_LOCALS_PER_FUNCTION));
      }
      type();
    }
    return locals;
  }

  /** A value type; a reference to a heap type has a number after it. */
  private void type() {
    var code = bytes.get() & 0xFF;
    if (code == 0x63 || code == 0x64) {
      unsigned();
    }
  }

  private int index(long position) {
    if (position > bytes.limit()) {
      throw new BufferUnderflowException();
    }
    return (int) position;
  }

  private long unsigned() {
    var value = 0L;
    for (var shift = 0; shift < 35; shift += 7) {
      var next = bytes.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value & 0xFFFFFFFFL;
      }
    }
    throw new BufferUnderflowException();
  }
}
