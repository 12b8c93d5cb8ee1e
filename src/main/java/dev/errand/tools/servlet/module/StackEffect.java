package dev.errand.tools.servlet.module;

import dev.errand.tools.servlet.abi.InvalidServletException;

/** The effect on the operand stack of instructions other than blocks, branches and calls. */
public final class StackEffect {
  private StackEffect() {}

  /**
   * How many values an instruction leaves, less those that it takes.
   *
   * @param body the code after its opcode; the operands of the instruction are skipped
   * @throws InvalidServletException when servlets can't use it here
   */
  public static int of(int opcode, ModuleBytes body) throws InvalidServletException {
    return switch (opcode) {
      case 0x01 -> 0;
      case 0x1A -> -1;
      case 0x1B -> -2;
      case 0x1C -> {
        for (var left = body.count(); left > 0; left--) {
          body.type();
        }
        yield -2;
      }
      case 0x20, 0x23, 0x3F, 0x41, 0x42, 0xD0, 0xD2 -> {
        body.number();
        yield 1;
      }
      case 0x21, 0x24 -> {
        body.number();
        yield -1;
      }
      case 0x22, 0x25, 0x40 -> {
        body.number();
        yield 0;
      }
      case 0x26 -> {
        body.number();
        yield -2;
      }
      case 0x43 -> {
        body.skip(4);
        yield 1;
      }
      case 0x44 -> {
        body.skip(8);
        yield 1;
      }
      case 0xD1 -> 0;
      case 0xFC -> bulk((int) body.unsigned(), body);
      default -> {
        if (opcode >= 0x28 && opcode <= 0x3E) {
          memoryArgument(body);
          yield opcode < 0x36 ? 0 : -2;
        }
        if (opcode >= 0x45 && opcode <= 0xC4) {
          yield binary(opcode) ? -1 : 0;
        }
        throw refused(opcode);
      }
    };
  }

  private static void memoryArgument(ModuleBytes body) throws InvalidServletException {
    var _ = alignment(body);
    body.unsigned();
  }

  /** The alignment of an access to memory, whose offset comes after it. */
  public static long alignment(ModuleBytes body) throws InvalidServletException {
    var alignment = body.unsigned();
    // A flag in the alignment announces the number of a memory other than the first.
    if (alignment >= 0x40) {
      throw new InvalidServletException("The module has several memories; a servlet has one.");
    }
    return alignment;
  }

  /** Comparisons and arithmetic of two numbers, among those of one number and conversions. */
  private static boolean binary(int opcode) {
    return (opcode > 0x45 && opcode < 0x67 && opcode != 0x50)
        || (opcode > 0x69 && opcode < 0x79)
        || (opcode > 0x7B && opcode < 0x8B)
        || (opcode > 0x91 && opcode < 0x99)
        || (opcode > 0x9F && opcode < 0xA7);
  }

  /** Saturating conversions, and bulk operations on memory and tables. */
  private static int bulk(int opcode, ModuleBytes body) {
    var numbers =
        switch (opcode) {
          case 0, 1, 2, 3, 4, 5, 6, 7 -> 0;
          case 8, 10, 12, 14 -> 2;
          case 9, 11, 13, 15, 16, 17 -> 1;
          default -> throw new IllegalArgumentException("no instruction");
        };
    for (var i = 0; i < numbers; i++) {
      body.number();
    }
    return switch (opcode) {
      case 8, 10, 11, 12, 14, 17 -> -3;
      case 15 -> -1;
      case 16 -> 1;
      default -> 0;
    };
  }

  private static InvalidServletException refused(int opcode) {
    var feature =
        switch (opcode) {
          case 0x06, 0x07, 0x08, 0x09, 0x0A, 0x18, 0x19, 0x1F -> "exception handling";
          case 0x14, 0x15, 0xD3, 0xD4, 0xD5, 0xD6 -> "typed function references";
          case 0xFB -> "garbage-collected types";
          case 0xFD -> "SIMD";
          case 0xFE -> "threads";
          default -> "an unknown instruction";
        };
    return new InvalidServletException(
        "The module uses %s (0x%02x), which servlets can't use here; turn it off in the compiler."
            .formatted(feature, opcode));
  }
}
