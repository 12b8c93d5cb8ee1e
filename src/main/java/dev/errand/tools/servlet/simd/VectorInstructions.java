package dev.errand.tools.servlet.simd;

import com.dylibso.chicory.wasm.types.OpCode;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.ModuleBytes;
import dev.errand.tools.servlet.module.ModuleWriter;
import dev.errand.tools.servlet.module.StackEffect;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * Replaces SIMD instructions by instructions on two 64-bit integers. A vector is its lower and then
 * its upper half, on the operand stack and among the local variables.
 */
final class VectorInstructions {
  /** The local variables that the replacements need: six of 64 bits, and one of 32. */
  static final byte[] SCRATCH = {6, 0x7E, 1, 0x7F};

  static final int GROUPS_OF_SCRATCH = 2;

  private static final int NUMBER = 6;
  private static final int MOST_PREFIXED = 0xFF;
  private static final int MOST_ALIGNMENT = 3;
  private static final long MOST_OFFSET = 0xFFFFFFFFL;

  private static final int DROP = 0x1A;
  private static final int GET = 0x20;
  private static final int SET = 0x21;
  private static final int TEE = 0x22;
  private static final int LOAD = 0x29;
  private static final int STORE = 0x37;
  private static final int CONST = 0x42;
  private static final int NOT_EQUAL = 0x52;
  private static final int MULTIPLY = 0x7E;
  private static final int AND = 0x83;
  private static final int OR = 0x84;
  private static final int XOR = 0x85;
  private static final int SHL = 0x86;
  private static final int SHR_U = 0x88;
  private static final int CONST_32 = 0x41;
  private static final int AND_32 = 0x71;
  private static final int OR_32 = 0x72;
  private static final int SHL_32 = 0x74;
  private static final int WRAP = 0xA7;
  private static final int EXTEND_U = 0xAD;
  private static final int BITS_OF_F32 = 0xBC;
  private static final int BITS_OF_F64 = 0xBD;
  private static final int F32_OF_BITS = 0xBE;
  private static final int F64_OF_BITS = 0xBF;
  private static final int EXTEND_8_S = 0xC0;
  private static final int EXTEND_16_S = 0xC1;

  private final ModuleBytes in;
  private final ModuleWriter out;
  private final int scratch;
  private final ToIntFunction<String> lanes;

  /**
   * Replaces instructions of one function.
   *
   * @param scratch the index of the first local variable of {@link #SCRATCH}
   * @param lanes the index of the function with that name in {@link LaneFunctions}
   */
  VectorInstructions(ModuleBytes in, ModuleWriter out, int scratch, ToIntFunction<String> lanes) {
    this.in = in;
    this.out = out;
    this.scratch = scratch;
    this.lanes = lanes;
  }

  /**
   * The effect of an instruction on the operands, where a vector is one.
   *
   * @param takes how many it takes
   * @param leaves whether it leaves one
   * @param vector whether that is a vector
   */
  record Effect(int takes, boolean leaves, boolean vector) {
    private static final Effect NOTHING = new Effect(2, false, false);
    private static final Effect CONSTANT = new Effect(0, true, true);
    private static final Effect OF_ONE = new Effect(1, true, true);
    private static final Effect OF_TWO = new Effect(2, true, true);
    private static final Effect OF_THREE = new Effect(3, true, true);
    private static final Effect NUMBER_OF_ONE = new Effect(1, true, false);
  }

  /** Replaces the instruction whose prefix was just read. */
  Effect replace() throws InvalidServletException {
    var code = in.unsigned();
    if (code > MOST_PREFIXED) {
      throw new InvalidServletException(
          "The module uses relaxed SIMD (0xfd 0x%x), which servlets can't use here; turn it off in"
                  .formatted(code)
              + " the compiler (clang: -mno-relaxed-simd).");
    }
    var opcode = OpCode.byOpCode(0xFD00 | (int) code);
    if (opcode == null) {
      throw new IllegalArgumentException("no instruction");
    }
    return replace(opcode, opcode.name().toLowerCase(Locale.ROOT));
  }

  private Effect replace(OpCode opcode, String name) throws InvalidServletException {
    return switch (opcode) {
      case V128_LOAD -> load();
      case V128_LOAD8x8_S -> loadExtended("i16x8_extend_low_i8x16_s");
      case V128_LOAD8x8_U -> loadExtended("i16x8_extend_low_i8x16_u");
      case V128_LOAD16x4_S -> loadExtended("i32x4_extend_low_i16x8_s");
      case V128_LOAD16x4_U -> loadExtended("i32x4_extend_low_i16x8_u");
      case V128_LOAD32x2_S -> loadExtended("i64x2_extend_low_i32x4_s");
      case V128_LOAD32x2_U -> loadExtended("i64x2_extend_low_i32x4_u");
      case V128_LOAD8_SPLAT -> loadAndSplat(8);
      case V128_LOAD16_SPLAT -> loadAndSplat(16);
      case V128_LOAD32_SPLAT -> loadAndSplat(32);
      case V128_LOAD64_SPLAT -> loadAndSplat(64);
      case V128_LOAD32_ZERO -> loadAndZero(32);
      case V128_LOAD64_ZERO -> loadAndZero(64);
      case V128_LOAD8_LANE -> loadLane(8);
      case V128_LOAD16_LANE -> loadLane(16);
      case V128_LOAD32_LANE -> loadLane(32);
      case V128_LOAD64_LANE -> loadLane(64);
      case V128_STORE -> store();
      case V128_STORE8_LANE -> storeLane(8);
      case V128_STORE16_LANE -> storeLane(16);
      case V128_STORE32_LANE -> storeLane(32);
      case V128_STORE64_LANE -> storeLane(64);
      case V128_CONST -> constant();
      case I8x16_SHUFFLE -> shuffle();
      case I8x16_SWIZZLE -> swizzle(name);
      case I8x16_SPLAT, I16x8_SPLAT, I32x4_SPLAT, I64x2_SPLAT, F32x4_SPLAT, F64x2_SPLAT ->
          splat(name);
      case I8x16_EXTRACT_LANE_S,
          I8x16_EXTRACT_LANE_U,
          I16x8_EXTRACT_LANE_S,
          I16x8_EXTRACT_LANE_U,
          I32x4_EXTRACT_LANE,
          I64x2_EXTRACT_LANE,
          F32x4_EXTRACT_LANE,
          F64x2_EXTRACT_LANE ->
          extract(name);
      case I8x16_REPLACE_LANE,
          I16x8_REPLACE_LANE,
          I32x4_REPLACE_LANE,
          I64x2_REPLACE_LANE,
          F32x4_REPLACE_LANE,
          F64x2_REPLACE_LANE ->
          replaceLane(name);
      case V128_NOT -> not();
      case V128_AND -> bitwise(AND);
      case V128_OR -> bitwise(OR);
      case V128_XOR -> bitwise(XOR);
      case V128_ANDNOT -> bitwise(CONST, 0x7F, XOR, AND);
      case V128_ANY_TRUE -> anyTrue();
      case I8x16_NARROW_I16x8_S, I8x16_NARROW_I16x8_U, I16x8_NARROW_I32x4_S, I16x8_NARROW_I32x4_U ->
          narrow(name);
      case I32x4_TRUNC_SAT_F64x2_S_ZERO,
          I32x4_TRUNC_SAT_F64x2_U_ZERO,
          F32x4_DEMOTE_LOW_F64x2_ZERO ->
          zeroed(name);
      case F64x2_PROMOTE_LOW_F32x4, F64x2_CONVERT_LOW_I32x4_S, F64x2_CONVERT_LOW_I32x4_U ->
          extendLow(name);
      default -> laneByLane(name);
    };
  }

  private Effect laneByLane(String name) {
    if (name.contains("_extend_low_")) {
      return extendLow(name);
    }
    if (name.contains("_extend_high_")) {
      return extendHigh(name.replace("_high_", "_low_"));
    }
    if (name.contains("_extmul_low_")) {
      return multiplyLow(name);
    }
    if (name.contains("_extmul_high_")) {
      return multiplyHigh(name.replace("_high_", "_low_"));
    }
    return switch (LaneFunctions.of(name).shape()) {
      case UNARY -> unary(name);
      case BINARY -> binary(name);
      case TERNARY -> ternary(name);
      case SHIFT -> shift(name);
      case TEST -> name.endsWith("_bitmask") ? bitmask(name) : allTrue(name);
    };
  }

  private Effect load() throws InvalidServletException {
    var argument = memoryArgument(16);
    tee(NUMBER).memory(LOAD, argument, 0).get(NUMBER).memory(LOAD, argument, 8);
    return Effect.OF_ONE;
  }

  private Effect loadExtended(String extend) throws InvalidServletException {
    memory(LOAD, memoryArgument(8), 0).extendBoth(extend);
    return Effect.OF_ONE;
  }

  private Effect loadAndSplat(int width) throws InvalidServletException {
    load(width).splat(width);
    return Effect.OF_ONE;
  }

  private Effect loadAndZero(int width) throws InvalidServletException {
    load(width).constant(0);
    return Effect.OF_ONE;
  }

  private Effect loadLane(int width) throws InvalidServletException {
    set(1).set(0).load(width).set(2).get(0).get(1).insert(width);
    return Effect.OF_TWO;
  }

  /** Stores the upper half first, so that nothing is stored where it is out of bounds. */
  private Effect store() throws InvalidServletException {
    var argument = memoryArgument(16);
    set(1).set(0).tee(NUMBER).get(1).memory(STORE, argument, 8);
    get(NUMBER).get(0).memory(STORE, argument, 0);
    return Effect.NOTHING;
  }

  private Effect storeLane(int width) throws InvalidServletException {
    var argument = memoryArgument(width / 8);
    half(width);
    var store =
        switch (width) {
          case 8 -> 0x3C;
          case 16 -> 0x3D;
          case 32 -> 0x3E;
          default -> STORE;
        };
    memory(store, argument, 0);
    return Effect.NOTHING;
  }

  private Effect constant() {
    constant(in.fixed()).constant(in.fixed());
    return Effect.CONSTANT;
  }

  private Effect shuffle() {
    var from = in.bytes(16);
    set(3).set(2).set(1).set(0);
    for (var half = 0; half < 16; half += 8) {
      for (var at = half; at < half + 8; ) {
        var source = from[at];
        if (source < 0 || source >= 32) {
          throw new IllegalArgumentException("no lane");
        }
        var end = at + 1;
        while (end < half + 8 && from[end] == from[end - 1] + 1 && from[end] % 8 != 0) {
          end++;
        }
        get(source / 8).shiftRight(source % 8 * 8);
        if (end - at < 8) {
          constant(mask(8 * (end - at))).op(AND).shiftLeft((at - half) * 8);
        }
        if (at > half) {
          op(OR);
        }
        at = end;
      }
    }
    return Effect.OF_TWO;
  }

  private Effect swizzle(String name) {
    set(3).set(2).set(1).tee(0).get(1).get(2).call(name).get(0).get(1).get(3).call(name);
    return Effect.OF_TWO;
  }

  private Effect splat(String name) {
    toHalf(name).splat(width(name));
    return Effect.OF_ONE;
  }

  private Effect extract(String name) {
    half(width(name));
    if (name.startsWith("f32")) {
      op(WRAP).op(F32_OF_BITS);
    } else if (name.startsWith("f64")) {
      op(F64_OF_BITS);
    } else if (!name.startsWith("i64")) {
      op(WRAP);
    }
    switch (name) {
      case "i8x16_extract_lane_s" -> op(EXTEND_8_S);
      case "i16x8_extract_lane_s" -> op(EXTEND_16_S);
      case "i8x16_extract_lane_u" -> number(0xFF).op(AND_32);
      case "i16x8_extract_lane_u" -> number(0xFFFF).op(AND_32);
      default -> {}
    }
    return Effect.NUMBER_OF_ONE;
  }

  private Effect replaceLane(String name) {
    toHalf(name).set(2).insert(width(name));
    return Effect.OF_TWO;
  }

  private Effect not() {
    set(1).constant(-1).op(XOR).get(1).constant(-1).op(XOR);
    return Effect.OF_ONE;
  }

  private Effect bitwise(int... operation) {
    set(3).set(2).set(1).get(2).op(operation).get(1).get(3).op(operation);
    return Effect.OF_TWO;
  }

  private Effect anyTrue() {
    op(OR).constant(0).op(NOT_EQUAL);
    return Effect.NUMBER_OF_ONE;
  }

  private Effect allTrue(String name) {
    set(1).call(name).get(1).call(name).op(AND_32);
    return Effect.NUMBER_OF_ONE;
  }

  private Effect bitmask(String name) {
    set(1).call(name).get(1).call(name).number(64 / width(name)).op(SHL_32).op(OR_32);
    return Effect.NUMBER_OF_ONE;
  }

  private Effect unary(String name) {
    set(1).call(name).get(1).call(name);
    return Effect.OF_ONE;
  }

  private Effect binary(String name) {
    set(3).set(2).set(1).get(2).call(name).get(1).get(3).call(name);
    return Effect.OF_TWO;
  }

  private Effect ternary(String name) {
    set(5).set(4).set(3).set(2).set(1);
    get(2).get(4).call(name).get(1).get(3).get(5).call(name);
    return Effect.OF_THREE;
  }

  private Effect shift(String name) {
    set(NUMBER).set(1).get(NUMBER).call(name).get(1).get(NUMBER).call(name);
    return Effect.OF_TWO;
  }

  private Effect narrow(String name) {
    set(3).set(2).call(name).get(2).get(3).call(name);
    return Effect.OF_TWO;
  }

  private Effect zeroed(String name) {
    call(name).constant(0);
    return Effect.OF_ONE;
  }

  private Effect extendLow(String name) {
    op(DROP).extendBoth(name);
    return Effect.OF_ONE;
  }

  private Effect extendHigh(String name) {
    set(0).op(DROP).get(0).extendBoth(name);
    return Effect.OF_ONE;
  }

  private Effect multiplyLow(String name) {
    op(DROP).set(2).op(DROP).set(0).multiplyBoth(name);
    return Effect.OF_TWO;
  }

  private Effect multiplyHigh(String name) {
    set(2).op(DROP).set(0).op(DROP).multiplyBoth(name);
    return Effect.OF_TWO;
  }

  private VectorInstructions multiplyBoth(String name) {
    return get(0).get(2).call(name).get(0).shiftRight(32).get(2).shiftRight(32).call(name);
  }

  /** Makes two halves of the lower and the upper 32 bits of one. */
  private VectorInstructions extendBoth(String name) {
    return tee(0).call(name).get(0).shiftRight(32).call(name);
  }

  /** Loads a number of that width as one of 64 bits. */
  private VectorInstructions load(int width) throws InvalidServletException {
    var load =
        switch (width) {
          case 8 -> 0x31;
          case 16 -> 0x33;
          case 32 -> 0x35;
          default -> LOAD;
        };
    return memory(load, memoryArgument(width / 8), 0);
  }

  /** Makes a number of 64 bits of the operand, with zeros above the width of a lane. */
  private VectorInstructions toHalf(String name) {
    if (name.startsWith("f32")) {
      op(BITS_OF_F32);
    } else if (name.startsWith("f64")) {
      return op(BITS_OF_F64);
    }
    if (name.startsWith("i64")) {
      return this;
    }
    op(EXTEND_U);
    return width(name) < 32 ? constant(mask(width(name))).op(AND) : this;
  }

  private VectorInstructions splat(int width) {
    return width == 64
        ? tee(0).get(0)
        : constant(Long.divideUnsigned(-1, mask(width))).op(MULTIPLY).tee(0).get(0);
  }

  /** Makes the lane that comes next in the code the lowest of a half, and drops the other half. */
  private VectorInstructions half(int width) {
    var lane = lane(width);
    if (lane * width < 64) {
      op(DROP);
    } else {
      set(0).op(DROP).get(0);
    }
    return shiftRight(lane * width % 64);
  }

  /** Inserts the third scratch variable as the lane that comes next in the code. */
  private VectorInstructions insert(int width) {
    var lane = lane(width);
    var isLower = lane * width < 64;
    if (isLower) {
      set(1);
    }
    if (width == 64) {
      op(DROP).get(2);
    } else {
      var by = lane * width % 64;
      constant(~(mask(width) << by)).op(AND).get(2).shiftLeft(by).op(OR);
    }
    return isLower ? get(1) : this;
  }

  private int lane(int width) {
    var lane = in.next();
    if (lane >= 128 / width) {
      throw new IllegalArgumentException("no lane");
    }
    return lane;
  }

  private static int width(String name) {
    return Integer.parseInt(name.substring(1, name.indexOf('x')));
  }

  private static long mask(int width) {
    return width == 64 ? -1 : (1L << width) - 1;
  }

  /** Where in memory, beyond the address on the stack. */
  private record MemoryArgument(int alignment, long offset) {}

  private MemoryArgument memoryArgument(int bytes) throws InvalidServletException {
    var alignment = StackEffect.alignment(in);
    if (alignment >= Long.SIZE || 1L << alignment > bytes) {
      throw new IllegalArgumentException("no alignment");
    }
    return new MemoryArgument(Math.min((int) alignment, MOST_ALIGNMENT), in.unsigned());
  }

  /** An offset that can't be written is out of bounds anyway. */
  private VectorInstructions memory(int opcode, MemoryArgument argument, int further) {
    out.write(opcode)
        .unsigned(argument.alignment())
        .unsigned(Math.min(argument.offset() + further, MOST_OFFSET));
    return this;
  }

  private VectorInstructions op(int... bytes) {
    out.write(bytes);
    return this;
  }

  private VectorInstructions constant(long value) {
    out.write(CONST).signed(value);
    return this;
  }

  private VectorInstructions number(int value) {
    out.write(CONST_32).signed(value);
    return this;
  }

  private VectorInstructions shiftRight(int by) {
    return by == 0 ? this : constant(by).op(SHR_U);
  }

  private VectorInstructions shiftLeft(int by) {
    return by == 0 ? this : constant(by).op(SHL);
  }

  private VectorInstructions get(int variable) {
    out.write(GET).unsigned(scratch + variable);
    return this;
  }

  private VectorInstructions set(int variable) {
    out.write(SET).unsigned(scratch + variable);
    return this;
  }

  private VectorInstructions tee(int variable) {
    out.write(TEE).unsigned(scratch + variable);
    return this;
  }

  private VectorInstructions call(String name) {
    out.write(0x10).unsigned(lanes.applyAsInt(name));
    return this;
  }

  /** Selects one of two vectors by a number. */
  void select() {
    set(NUMBER).set(3).set(2).set(1);
    get(2).get(NUMBER).op(0x1B).get(1).get(3).get(NUMBER).op(0x1B);
  }
}
