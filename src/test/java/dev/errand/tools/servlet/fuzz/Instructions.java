package dev.errand.tools.servlet.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Where the instructions of a code section are. */
final class Instructions {
  private final byte[] code;
  private final int[] at = {0};
  private final List<Integer> found = new ArrayList<>();

  private Instructions(byte[] code) {
    this.code = code;
  }

  /** The offset of each instruction in the content of a sound code section. */
  static List<Integer> in(byte[] code) {
    var reader = new Instructions(code);
    reader.functions();
    return reader.found;
  }

  private void functions() {
    var functions = Sections.unsigned(code, at);
    for (var i = 0L; i < functions; i++) {
      var size = (int) Sections.unsigned(code, at);
      var end = at[0] + size;
      var groups = Sections.unsigned(code, at);
      for (var group = 0L; group < groups; group++) {
        Sections.unsigned(code, at);
        at[0]++;
      }
      while (at[0] < end) {
        found.add(at[0]);
        skip(code[at[0]++] & 0xFF);
      }
    }
  }

  /** Moves past what belongs to an instruction. */
  private void skip(int opcode) {
    switch (opcode) {
      case 0x02, 0x03, 0x04 -> numbers(1);
      case 0x0C, 0x0D, 0x10, 0x12, 0xD0, 0xD2, 0x3F, 0x40 -> numbers(1);
      case 0x0E -> numbers(Sections.unsigned(code, at) + 1);
      case 0x11, 0x13 -> numbers(2);
      case 0x1C -> numbers(Sections.unsigned(code, at));
      case 0x41, 0x42 -> numbers(1);
      case 0x43 -> at[0] += 4;
      case 0x44 -> at[0] += 8;
      case 0xFC -> {
        switch ((int) Sections.unsigned(code, at)) {
          case 8, 10, 12, 14 -> numbers(2);
          case 9, 11, 13, 15, 16, 17 -> numbers(1);
          default -> {}
        }
      }
      default -> {
        if (opcode >= 0x20 && opcode <= 0x26) {
          numbers(1);
        } else if (opcode >= 0x28 && opcode <= 0x3E) {
          numbers(2);
        }
      }
    }
  }

  private void numbers(long count) {
    for (var i = 0L; i < count; i++) {
      Sections.unsigned(code, at);
    }
  }
}
