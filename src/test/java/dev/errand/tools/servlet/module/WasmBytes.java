package dev.errand.tools.servlet.module;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes modules that are too strange, or too large, to be kept as files. */
public final class WasmBytes {
  private WasmBytes() {}

  public static byte[] header() {
    return new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0};
  }

  public static byte[] section(int id, byte[] content) {
    return bytes(new byte[] {(byte) id}, number(content.length), content);
  }

  public static byte[] repeat(byte[] part, int times) {
    var out = new ByteArrayOutputStream();
    for (var i = 0; i < times; i++) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] bytes(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] number(long value) {
    var out = new ByteArrayOutputStream();
    var left = value;
    while (left > 127) {
      out.write((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.write((int) left);
    return out.toByteArray();
  }

  static byte[] signed(long value) {
    var out = new ByteArrayOutputStream();
    var left = value;
    while (left > 63 || left < -64) {
      out.write((int) (left & 0x7F) | 0x80);
      left >>= 7;
    }
    out.write((int) left & 0x7F);
    return out.toByteArray();
  }

  static byte[] name(String name) {
    var text = name.getBytes(StandardCharsets.UTF_8);
    return bytes(number(text.length), text);
  }

  static byte[] custom(String name, byte[] content) {
    return section(0, bytes(name(name), content));
  }

  public static byte[] vector(byte[]... elements) {
    return bytes(number(elements.length), bytes(elements));
  }

  /** A function's code: its local variables, if there are any, all of one type. */
  public static byte[] body(int locals, int type, byte[]... code) {
    var declared =
        locals == 0 ? new byte[] {0} : bytes(number(1), number(locals), new byte[] {(byte) type});
    var body = bytes(declared, bytes(code), new byte[] {0x0B});
    return bytes(number(body.length), body);
  }

  /** Code that has the block at the address in a local variable begin with a text. */
  static byte[] store(int function, int local, String text) {
    var all = text.getBytes(StandardCharsets.UTF_8);
    var padded = ByteBuffer.wrap(Arrays.copyOf(all, (all.length + 7) / 8 * 8));
    var out = new ByteArrayOutputStream();
    for (var at = 0; at < padded.capacity(); at += 8) {
      out.writeBytes(
          bytes(
              new byte[] {0x20},
              number(local),
              new byte[] {0x42},
              signed(at),
              new byte[] {0x7C, 0x42},
              signed(padded.order(ByteOrder.LITTLE_ENDIAN).getLong(at)),
              new byte[] {0x10},
              number(function)));
    }
    return out.toByteArray();
  }
}
