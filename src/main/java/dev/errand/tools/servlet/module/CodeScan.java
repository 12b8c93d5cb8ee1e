package dev.errand.tools.servlet.module;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Limits;

/**
 * Checks the code of a module before parser and compiler run. Both take time for each block that a
 * branch leaves, each value that it drops and each value that a call passes, so that a few
 * kilobytes could keep them busy for hours.
 */
final class CodeScan {
  private static final int MOST_LOCALS_PER_FUNCTION = 10_000;
  private static final int MOST_LOCALS = 2_000_000;
  private static final int MOST_BLOCKS = 10_000;
  private static final int MOST_TARGETS = 65_520;
  private static final int MOST_TARGETS_TOGETHER = 1_000_000;

  // Time is counted in the steps from a block to the one around it, of a few nanoseconds each.
  private static final long MOST_STEPS = 250_000_000;
  private static final int STEPS_PER_PASSED_VALUE = 5;
  private static final int STEPS_PER_DROPPED_VALUE = 50;

  // The most parameters of a JVM method; long ones count twice.
  private static final int PARAMETERS_OF_A_METHOD = 120;

  private final CompileCost cost = new CompileCost();
  private final DeclarationScan declared;
  private final Limits limits;
  private long locals;
  private long targets;
  private long steps;

  // The blocks around the instruction, the outermost first: the values below each, and how many it
  // takes and leaves.
  private final int[] base = new int[MOST_BLOCKS + 1];
  private final int[] takes = new int[MOST_BLOCKS + 1];
  private final int[] leaves = new int[MOST_BLOCKS + 1];
  private final long[] lastTable = new long[MOST_BLOCKS + 1];
  private int depth;
  private int height;

  CodeScan(DeclarationScan declared, Limits limits) {
    this.declared = declared;
    this.limits = limits;
  }

  /** Refuses code that is too expensive to parse and compile. */
  CompileCost section(ModuleBytes section) throws InvalidServletException {
    var functions = section.unsigned();
    if (functions > limits.functions()) {
      throw new InvalidServletException(
          "The module has %d functions; at most %d are allowed."
              .formatted(functions, limits.functions()));
    }
    for (var i = 0; i < functions; i++) {
      var size = section.unsigned();
      if (size > ModuleScan.MOST_BODY) {
        throw new InvalidServletException(
            "Function %d of the module has %d bytes of code; at most %s are allowed."
                .formatted(i, size, Limits.size(ModuleScan.MOST_BODY)));
      }
      var body = section.part(size);
      cost.enter(declared.ownFunction(i).params() + locals(body, i));
      depth = -1;
      height = 0;
      enter(0, declared.ownFunction(i).results(), i);
      while (body.hasRemaining()) {
        instruction(body, i);
        if (steps > MOST_STEPS) {
          throw new InvalidServletException(
              "The module is too much to compile: too many of its branches leave deep nests of"
                  + " blocks or deep stacks, or too many of its calls pass many values.");
        }
      }
      cost.leave();
    }
    return cost;
  }

  private int locals(ModuleBytes body, int function) throws InvalidServletException {
    var own = 0L;
    for (var groups = body.count(); groups > 0; groups--) {
      own += body.unsigned();
      if (own > MOST_LOCALS_PER_FUNCTION) {
        throw new InvalidServletException(
            "Function %d of the module has more than %d local variables."
                .formatted(function, MOST_LOCALS_PER_FUNCTION));
      }
      body.type();
    }
    locals += own;
    if (locals > MOST_LOCALS) {
      throw new InvalidServletException(
          "The functions of the module have more than %d local variables together."
              .formatted(MOST_LOCALS));
    }
    return (int) own;
  }

  private void enter(int params, int results, int function) throws InvalidServletException {
    if (++depth > MOST_BLOCKS) {
      throw new InvalidServletException(
          "Function %d of the module nests more than %d blocks.".formatted(function, MOST_BLOCKS));
    }
    base[depth] = Math.max(0, height - params);
    takes[depth] = params;
    leaves[depth] = results;
    cost.label(height);
  }

  private void instruction(ModuleBytes body, int function) throws InvalidServletException {
    var opcode = body.next();
    cost.code(opcode < 0x04 || opcode == 0x0B ? 0 : 1);
    switch (opcode) {
      case 0x02, 0x03 -> block(body, function);
      case 0x04 -> {
        change(-1);
        block(body, function);
      }
      case 0x05 -> {
        height = base[depth] + takes[depth];
        cost.label(height);
      }
      case 0x0B -> {
        if (depth < 0) {
          throw new IllegalArgumentException("code after the end of a function");
        }
        height = base[depth] + leaves[depth];
        depth--;
        cost.label(height);
      }
      case 0x0C -> {
        branch(body.unsigned());
        unreachable();
      }
      case 0x0D -> {
        change(-1);
        cost.label(height);
        branch(body.unsigned());
      }
      case 0x0E -> {
        change(-1);
        table(body);
        unreachable();
      }
      case 0x0F, 0x00 -> unreachable();
      case 0x10 -> call(declared.function(body.unsigned()));
      case 0x11 -> {
        change(-1);
        call(declared.type(body.unsigned()));
        body.unsigned();
      }
      case 0x12 -> {
        call(declared.function(body.unsigned()));
        unreachable();
      }
      case 0x13 -> {
        call(declared.type(body.unsigned()));
        body.unsigned();
        unreachable();
      }
      case 0x1B, 0x1C -> {
        cost.label(height);
        cost.label(height);
        change(StackEffect.of(opcode, body));
      }
      default -> change(StackEffect.of(opcode, body));
    }
  }

  private void block(ModuleBytes body, int function) throws InvalidServletException {
    var type = body.unsigned();
    if (type == 0x40) {
      enter(0, 0, function);
    } else if (type == 0x63 || type == 0x64) {
      body.number();
      enter(0, 1, function);
    } else if (type > 0x40 && type < 0x80) {
      enter(0, 1, function);
    } else {
      var signature = declared.type(type);
      cost.moves(2 * Math.max(signature.params(), signature.results()));
      steps += (long) STEPS_PER_PASSED_VALUE * (signature.params() + signature.results());
      enter(signature.params(), signature.results(), function);
    }
  }

  private void table(ModuleBytes body) throws InvalidServletException {
    var count = body.count() + 1L;
    targets += count;
    if (count > MOST_TARGETS || targets > MOST_TARGETS_TOGETHER) {
      throw new InvalidServletException(
          "The module has a br_table of more than %d targets, or more than %d in all of them."
              .formatted(MOST_TARGETS, MOST_TARGETS_TOGETHER));
    }
    for (var i = 0L; i < count; i++) {
      var label = body.unsigned();
      var target = target(label);
      if (lastTable[target] != targets) {
        lastTable[target] = targets;
        cost.label(height);
        cost.code(dropped(target));
      }
      steps(label, target);
    }
  }

  private void branch(long label) {
    var target = target(label);
    cost.code(dropped(target));
    steps(label, target);
  }

  private void steps(long label, int target) {
    steps += label + (long) STEPS_PER_DROPPED_VALUE * Math.max(0, height - base[target]);
  }

  /** The least number of values that a branch drops. */
  private int dropped(int target) {
    return Math.max(0, height - base[target] - Math.max(takes[target], leaves[target]));
  }

  private int target(long label) {
    return (int) Math.max(0, depth - label);
  }

  private void call(DeclarationScan.Signature signature) {
    if (signature.params() > PARAMETERS_OF_A_METHOD) {
      cost.moves(signature.params() * 2);
      cost.code(signature.params());
    }
    if (signature.results() > 1) {
      cost.code(signature.results());
    }
    steps += (long) STEPS_PER_PASSED_VALUE * (signature.params() + signature.results());
    change(-signature.params());
    change(signature.results());
  }

  /** The code until the end of the block is unreachable. */
  private void unreachable() {
    height = depth < 0 ? 0 : base[depth];
  }

  private void change(int values) {
    height = Math.max(depth < 0 ? 0 : base[depth], height + values);
    cost.height(height);
  }
}
