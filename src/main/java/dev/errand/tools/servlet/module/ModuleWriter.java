package dev.errand.tools.servlet.module;

import java.io.ByteArrayOutputStream;

/** Writes the bytes of a module, or of a part of it. */
public final class ModuleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public int size() {
    return out.size();
  }

  public byte[] toBytes() {
    return out.toByteArray();
  }

  /** Writes bytes, of each int the lowest. */
  public ModuleWriter write(int... bytes) {
    for (var one : bytes) {
      out.write(one);
    }
    return this;
  }

  public ModuleWriter write(byte[] bytes) {
    return write(bytes, 0, bytes.length);
  }

  public ModuleWriter write(byte[] bytes, int from, int count) {
    out.write(bytes, from, count);
    return this;
  }

  /** Writes a number without a sign. */
  public ModuleWriter unsigned(long value) {
    var left = value;
    for (; left > 0x7F; left >>>= 7) {
      out.write((int) (left & 0x7F) | 0x80);
    }
    out.write((int) left);
    return this;
  }

  /** Writes a number with a sign. */
  public ModuleWriter signed(long value) {
    var left = value;
    for (; left < -0x40 || left > 0x3F; left >>= 7) {
      out.write((int) (left & 0x7F) | 0x80);
    }
    out.write((int) (left & 0x7F));
    return this;
  }

  /** Writes a part with its size before it. */
  public ModuleWriter part(ModuleWriter part) {
    unsigned(part.size());
    return write(part.toBytes());
  }
}
