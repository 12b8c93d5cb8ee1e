package dev.errand.tools.servlet.simd;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.ModuleBytes;
import dev.errand.tools.servlet.module.ModuleWriter;
import dev.errand.tools.servlet.module.StackEffect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The code of one function, whose vectors become pairs of 64-bit integers. It knows which operands
 * are vectors, since a {@code drop} does not tell. Code that can't be reached is left out: nothing
 * is known of its operands.
 */
final class VectorCode {
  private static final int VECTOR = 0x7B;
  private static final VectorTypes.Signature NOTHING =
      new VectorTypes.Signature(List.of(), List.of());
  private static final VectorTypes.Signature ONE_VALUE =
      new VectorTypes.Signature(List.of(), List.of(false));
  private static final int MOST_LOCALS = 10_000;
  private static final int MOST_BLOCKS = 10_000;
  private static final int MOST_OPERANDS = 1_000_000;
  private static final long STEPS_PER_LOCAL = 20;

  private final VectorTypes types;
  private final VectorGlobals globals;
  private final ModuleBytes in;
  private final LongConsumer work;
  private final long most;
  private final ModuleWriter out = new ModuleWriter();
  private final VectorInstructions instructions;
  private final List<Boolean> isVector = new ArrayList<>();
  private final List<Integer> index = new ArrayList<>();
  private final Deque<Block> blocks = new ArrayDeque<>();
  private final BitSet vectors = new BitSet();
  private int height;
  private boolean replaced;

  /** The blocks that began in code that can't be reached; negative where the code is reached. */
  private int unreachable = -1;

  /**
   * A block.
   *
   * @param below the operands that are not its own
   */
  private record Block(VectorTypes.Signature type, int below) {}

  /**
   * A function.
   *
   * @param in its local variables and its code
   * @param work is told of each piece of work before it is done
   * @param most the most bytes of the new code
   */
  VectorCode(
      VectorTypes types,
      VectorGlobals globals,
      VectorTypes.Signature signature,
      ModuleBytes in,
      ToIntFunction<String> lanes,
      LongConsumer work,
      long most) {
    this.types = types;
    this.globals = globals;
    this.in = in;
    this.work = work;
    this.most = most;
    replaced = globals.withVectors();
    signature.params().forEach(this::variable);
    var scratch = locals();
    this.instructions = new VectorInstructions(in, out, scratch, lanes);
    blocks.push(new Block(new VectorTypes.Signature(List.of(), signature.results()), 0));
  }

  private void variable(boolean vector) {
    index.add(next());
    isVector.add(vector);
    replaced |= vector;
  }

  /** Copies the declarations of local variables, and returns the index of the first of scratch. */
  private int locals() {
    var groups = in.count();
    out.unsigned(groups + VectorInstructions.GROUPS_OF_SCRATCH);
    for (var left = groups; left > 0; left--) {
      var count = in.unsigned();
      var begin = in.position();
      var vector = in.peek() == VECTOR;
      in.type();
      if (count + isVector.size() > MOST_LOCALS) {
        throw new IllegalArgumentException("too many local variables");
      }
      work.accept(STEPS_PER_LOCAL * count);
      for (var i = 0; i < count; i++) {
        variable(vector);
      }
      if (vector) {
        out.unsigned(2 * count).write(0x7E);
      } else {
        out.unsigned(count);
        in.copy(begin, out);
      }
    }
    out.write(VectorInstructions.SCRATCH);
    return next();
  }

  /** The index of the next local variable. */
  private int next() {
    var last = isVector.size() - 1;
    return last < 0 ? 0 : index.get(last) + (isVector.get(last) ? 2 : 1);
  }

  /**
   * Replaces what has to be.
   *
   * @return the new code; null where the function has no vectors. Where it has more bytes than
   *     allowed, its rest is missing
   */
  @Nullable ModuleWriter replaced() throws InvalidServletException {
    while (!blocks.isEmpty()) {
      if (out.size() > most) {
        return out;
      }
      if (unreachable < 0) {
        instruction();
      } else {
        skip();
      }
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("code after the end of a function");
    }
    return replaced ? out : null;
  }

  private void instruction() throws InvalidServletException {
    var begin = in.position();
    var opcode = in.next();
    switch (opcode) {
      case 0x00, 0x0F -> {
        out.write(opcode);
        unreachable = 0;
      }
      case 0x02, 0x03 -> block(opcode);
      case 0x04 -> {
        pop(1);
        block(opcode);
      }
      case 0x05 -> orElse();
      case 0x0B -> end();
      case 0x0C -> {
        in.unsigned();
        in.copy(begin, out);
        unreachable = 0;
      }
      case 0x0D -> {
        in.unsigned();
        in.copy(begin, out);
        pop(1);
      }
      case 0x0E -> {
        targets();
        in.copy(begin, out);
        unreachable = 0;
      }
      case 0x10 -> {
        var called = types.function(in.unsigned());
        in.copy(begin, out);
        call(called);
      }
      case 0x11 -> {
        var called = types.type(in.unsigned());
        in.unsigned();
        in.copy(begin, out);
        pop(1);
        call(called);
      }
      case 0x12 -> {
        in.unsigned();
        in.copy(begin, out);
        unreachable = 0;
      }
      case 0x13 -> {
        in.unsigned();
        in.unsigned();
        in.copy(begin, out);
        unreachable = 0;
      }
      case 0x1A -> {
        out.write(opcode);
        if (pop(1)) {
          replaced = true;
          out.write(opcode);
        }
      }
      case 0x1B, 0x1C -> select(opcode, begin);
      case 0x20 -> {
        var variable = (int) in.unsigned();
        access(opcode, variable, 0);
        if (isVector.get(variable)) {
          access(opcode, variable, 1);
        }
        push(isVector.get(variable));
      }
      case 0x21, 0x22 -> {
        var variable = (int) in.unsigned();
        if (isVector.get(variable)) {
          access(0x21, variable, 1);
          access(opcode, variable, 0);
          if (opcode == 0x22) {
            access(0x20, variable, 1);
          }
        } else {
          access(opcode, variable, 0);
        }
        if (opcode == 0x21) {
          pop(1);
        }
      }
      case 0x23 -> {
        var upper = globals.upper(in.unsigned());
        in.copy(begin, out);
        if (upper != null) {
          out.write(opcode).unsigned(upper);
        }
        push(upper != null);
      }
      case 0x24 -> {
        var upper = globals.upper(in.unsigned());
        if (upper != null) {
          out.write(opcode).unsigned(upper);
        }
        in.copy(begin, out);
        pop(1);
      }
      case 0xFD -> {
        replaced = true;
        var effect = instructions.replace();
        pop(effect.takes());
        if (effect.leaves()) {
          push(effect.vector());
        }
      }
      default -> {
        var more = StackEffect.of(opcode, in);
        in.copy(begin, out);
        for (; more < 0; more++) {
          pop(1);
        }
        for (; more > 0; more--) {
          push(false);
        }
      }
    }
  }

  /** Reads an instruction that can't be reached. */
  private void skip() throws InvalidServletException {
    var opcode = in.next();
    switch (opcode) {
      case 0x00, 0x0F -> {}
      case 0x02, 0x03, 0x04 -> {
        replaced |= in.peek() == VECTOR;
        blockType();
        unreachable++;
      }
      case 0x05 -> {
        if (unreachable == 0) {
          orElse();
        }
      }
      case 0x0B -> {
        if (unreachable == 0) {
          end();
        } else {
          unreachable--;
        }
      }
      case 0x0C, 0x0D, 0x10, 0x12 -> in.unsigned();
      case 0x0E -> targets();
      case 0x1C -> {
        for (var left = in.count(); left > 0; left--) {
          replaced |= in.peek() == VECTOR;
          in.type();
        }
      }
      case 0x11, 0x13 -> {
        in.unsigned();
        in.unsigned();
      }
      case 0xFD -> {
        replaced = true;
        // It can't be reached either, but what it reads has to be read.
        var unused = new ModuleWriter();
        var _ = new VectorInstructions(in, unused, 0, name -> 0).replace();
      }
      default -> {
        var _ = StackEffect.of(opcode, in);
      }
    }
  }

  private void targets() {
    for (var left = in.count() + 1L; left > 0; left--) {
      in.unsigned();
    }
  }

  private void block(int opcode) {
    var begin = in.position();
    var isVector = in.peek() == VECTOR;
    var type = blockType();
    out.write(opcode);
    if (isVector) {
      // A number with a sign, unlike other indices of types.
      out.signed(types.vectorBlock());
      replaced = true;
    } else {
      in.copy(begin, out);
    }
    pop(type.params().size());
    if (blocks.size() > MOST_BLOCKS) {
      throw new IllegalArgumentException("too many blocks");
    }
    blocks.push(new Block(type, height));
    push(type.params());
  }

  private VectorTypes.Signature blockType() {
    var first = in.peek();
    if (first < 0x40 || first >= 0x80) {
      return types.type(in.unsigned());
    }
    in.type();
    return switch (first) {
      case 0x40 -> NOTHING;
      case VECTOR -> VectorTypes.VECTOR_BLOCK;
      default -> ONE_VALUE;
    };
  }

  private void orElse() {
    var block = blocks.getFirst();
    out.write(0x05);
    height = block.below();
    push(block.type().params());
    unreachable = -1;
  }

  private void end() {
    var block = blocks.pop();
    out.write(0x0B);
    height = block.below();
    push(block.type().results());
    unreachable = -1;
  }

  private void call(VectorTypes.Signature called) {
    pop(called.params().size());
    push(called.results());
  }

  private void select(int opcode, int begin) {
    if (opcode == 0x1C) {
      for (var left = in.count(); left > 0; left--) {
        in.type();
      }
    }
    pop(1);
    var vector = pop(1);
    pop(1);
    push(vector);
    if (vector) {
      replaced = true;
      instructions.select();
    } else {
      in.copy(begin, out);
    }
  }

  private void access(int opcode, int variable, int half) {
    out.write(opcode).unsigned(index.get(variable) + half);
  }

  private void push(List<Boolean> operands) {
    work.accept(operands.size());
    operands.forEach(this::push);
  }

  private void push(boolean vector) {
    if (height == MOST_OPERANDS) {
      throw new IllegalArgumentException("too many operands");
    }
    vectors.set(height++, vector);
  }

  /** Takes operands, and returns whether the lowest of them is a vector. */
  private boolean pop(int operands) {
    height -= operands;
    if (height < 0) {
      throw new IllegalArgumentException("no operand");
    }
    return vectors.get(height);
  }
}
