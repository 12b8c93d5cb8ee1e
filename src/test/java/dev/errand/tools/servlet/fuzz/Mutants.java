package dev.errand.tools.servlet.fuzz;

import dev.errand.tools.servlet.fuzz.Sections.Section;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes modules that are damaged, or sound and other than they were meant to be. */
final class Mutants {
  private final List<byte[]> seeds;
  private final RandomGenerator random;

  Mutants(List<byte[]> seeds, RandomGenerator random) {
    this.seeds = List.copyOf(seeds);
    this.random = random;
  }

  /** How a module is changed. */
  enum Way {
    FLIP,
    TRUNCATE,
    SPLICE,
    SECTIONS,
    NUMBER,
    DECLARATION,
    INSTRUCTION
  }

  /** A module changed in one way, once or a few times. */
  byte[] next(Way way) {
    var wasm = seed();
    var times = 1 + random.nextInt(3);
    return switch (way) {
      case FLIP -> flip(wasm);
      case TRUNCATE -> Arrays.copyOf(wasm, random.nextInt(wasm.length));
      case SPLICE -> splice(wasm, seed());
      case SECTIONS -> {
        var sections = Sections.of(wasm);
        for (var i = 0; i < times; i++) {
          rearrange(sections);
        }
        yield Sections.module(sections);
      }
      case NUMBER -> number(wasm);
      case DECLARATION -> new Declarations(random).change(wasm);
      case INSTRUCTION -> instructions(wasm, times);
    };
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] flip(byte[] wasm) {
    var flipped = wasm.clone();
    for (var left = 1 + random.nextInt(8); left > 0; left--) {
      var at = random.nextInt(flipped.length);
      flipped[at] =
          (byte) (random.nextBoolean() ? flipped[at] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    return flipped;
  }

  private byte[] splice(byte[] head, byte[] tail) {
    var out = new ByteArrayOutputStream();
    out.write(head, 0, random.nextInt(head.length));
    var from = random.nextInt(tail.length);
    out.write(tail, from, tail.length - from);
    return out.toByteArray();
  }

  private void rearrange(List<Section> sections) {
    if (sections.isEmpty()) {
      return;
    }
    var one = random.nextInt(sections.size());
    var other = random.nextInt(sections.size());
    switch (random.nextInt(6)) {
      case 0 -> Collections.swap(sections, one, other);
      case 1 -> sections.add(other, sections.get(one));
      case 2 -> sections.remove(one);
      case 3 -> {
        var foreign = Sections.of(seed());
        sections.add(one, foreign.get(random.nextInt(foreign.size())));
      }
      case 4 -> {
        // The section of another module in the place of the one with the same number.
        for (var foreign : Sections.of(seed())) {
          if (foreign.id() == sections.get(one).id()) {
            sections.set(one, foreign);
          }
        }
      }
      default -> sections.set(one, new Section(random.nextInt(16), sections.get(one).content()));
    }
  }

  /** Writes a number at the limit of its encoding, or beyond it, in the place of another one. */
  private byte[] number(byte[] wasm) {
    byte[][] extremes = {
      {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F},
      {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07},
      {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x08},
      {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x00},
      {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x00},
      {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F},
      {(byte) 0x80, (byte) 0x80, 0x04},
      {(byte) 0xFF, 0x7F},
      {0x7F},
      {0x00}
    };
    var sections = Sections.of(wasm);
    var picked = random.nextInt(sections.size());
    var content = sections.get(picked).content();
    // Half of the time the count at the beginning, which everything after it depends on.
    var at = content.length == 0 || random.nextBoolean() ? 0 : random.nextInt(content.length);
    var out = new ByteArrayOutputStream();
    out.write(content, 0, at);
    out.writeBytes(extremes[random.nextInt(extremes.length)]);
    var rest = Math.min(content.length, at + 1);
    out.write(content, rest, content.length - rest);
    var whole = Sections.module(replaced(sections, picked, out.toByteArray()));
    if (random.nextInt(4) > 0) {
      return whole;
    }
    // The size of a section itself.
    var size = 9;
    return concat(
        Arrays.copyOf(wasm, size),
        extremes[random.nextInt(extremes.length)],
        Arrays.copyOfRange(wasm, size + 1, wasm.length));
  }

  /**
   * Puts other instructions in the place of some, of the same length and often of the same type.
   */
  private byte[] instructions(byte[] wasm, int times) {
    var sections = Sections.of(wasm);
    for (var i = 0; i < sections.size(); i++) {
      if (sections.get(i).id() != Sections.CODE) {
        continue;
      }
      var code = sections.get(i).content().clone();
      var found = Instructions.in(code);
      for (var left = times; left > 0; left--) {
        var at = found.get(random.nextInt(found.size()));
        code[at] = (byte) other(code[at] & 0xFF);
        if (random.nextInt(3) == 0 && at + 1 < code.length && code[at + 1] >= 0) {
          // An index, a depth, an alignment or a small constant; or the next instruction.
          code[at + 1] = (byte) random.nextInt(64);
        }
      }
      return Sections.module(replaced(sections, i, code));
    }
    return wasm;
  }

  private int other(int opcode) {
    int[][] groups = {
      {0x0C, 0x0D, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24},
      {0x02, 0x03, 0x04},
      {0x28, 0x2C, 0x2D, 0x2E, 0x2F},
      {0x36, 0x3A, 0x3B},
      {0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35},
      {0x37, 0x3C, 0x3D, 0x3E},
      {0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F},
      {0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A},
      {0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78},
      {0x7C, 0x7D, 0x7E, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A},
      {0x45, 0x67, 0x68, 0x69, 0xC0, 0xC1, 0x01},
      {0x00, 0x01, 0x0F, 0x1A, 0x1B}
    };
    for (var group : groups) {
      if (Arrays.stream(group).anyMatch(member -> member == opcode)) {
        return group[random.nextInt(group.length)];
      }
    }
    return random.nextInt(4) == 0 ? random.nextInt(256) : opcode;
  }

  static List<Section> replaced(List<Section> sections, int at, byte[] content) {
    var all = new ArrayList<>(sections);
    all.set(at, new Section(sections.get(at).id(), content));
    return all;
  }

  static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
