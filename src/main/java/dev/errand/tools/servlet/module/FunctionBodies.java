package dev.errand.tools.servlet.module;

import java.nio.ByteBuffer;

/** The bodies of the functions in the bytes of a module, which are most of it. */
public final class FunctionBodies {
  private static final int CODE_SECTION = 10;

  /** Four bytes: a length of three, no local variables, {@code unreachable}, {@code end}. */
  private static final byte[] UNREACHABLE = {3, 0, 0x00, 0x0B};

  private FunctionBodies() {}

  /**
   * The same module with empty functions. Parsed code takes hundreds of times its size, and is not
   * needed once it is compiled.
   *
   * @param wasm bytes that were found well-formed
   */
  public static byte[] without(byte[] wasm) {
    var in = ByteBuffer.wrap(wasm);
    var out = new ModuleWriter();
    out.write(wasm, 0, 8);
    in.position(8);
    while (in.hasRemaining()) {
      var start = in.position();
      var id = in.get();
      var size = unsigned(in);
      var end = in.position() + size;
      if (id == CODE_SECTION) {
        out.write(id).part(nothing(unsigned(in)));
      } else if (id != 0) {
        out.write(wasm, start, end - start);
      }
      in.position(end);
    }
    return out.toBytes();
  }

  private static ModuleWriter nothing(int functions) {
    var out = new ModuleWriter().unsigned(functions);
    for (var i = 0; i < functions; i++) {
      out.write(UNREACHABLE);
    }
    return out;
  }

  private static int unsigned(ByteBuffer in) {
    var value = 0;
    for (var shift = 0; ; shift += 7) {
      var next = in.get();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
