package dev.errand.tools.servlet.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of a module, section by section. */
final class Sections {
  static final int TYPE = 1;
  static final int IMPORT = 2;
  static final int TABLE = 4;
  static final int MEMORY = 5;
  static final int EXPORT = 7;
  static final int START = 8;
  static final int CODE = 10;

  private static final int HEADER = 8;

  private Sections() {}

  /** A section: its number and what is in it. */
  record Section(int id, byte[] content) {}

  /** The sections of a sound module. */
  static List<Section> of(byte[] wasm) {
    var sections = new ArrayList<Section>();
    var at = new int[] {HEADER};
    while (at[0] < wasm.length) {
      var id = wasm[at[0]++];
      var size = (int) unsigned(wasm, at);
      sections.add(new Section(id, Arrays.copyOfRange(wasm, at[0], at[0] + size)));
      at[0] += size;
    }
    return sections;
  }

  /** A module of these sections. */
  static byte[] module(List<Section> sections) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    for (var section : sections) {
      out.write(section.id());
      out.writeBytes(unsigned(section.content().length));
      out.writeBytes(section.content());
    }
    return out.toByteArray();
  }

  /** Reads a number and moves past it. */
  static long unsigned(byte[] bytes, int[] at) {
    var value = 0L;
    for (var shift = 0; ; shift += 7) {
      var next = bytes[at[0]++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** A number as it is written. */
  static byte[] unsigned(long value) {
    var out = new ByteArrayOutputStream();
    var left = value;
    while (left > 127) {
      out.write((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.write((int) left);
    return out.toByteArray();
  }
}
