package dev.errand.tools.servlet.module;

import com.dylibso.chicory.compiler.Cache;
import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.CompiledModule;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.Instruction;
import com.dylibso.chicory.wasm.types.OpCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.MethodTooLargeException;

/**
 * The code of a module, compiled to JVM code as far as the JVM can hold it.
 *
 * @param reach how much of it is compiled
 * @param kept its classes, from which it can be restored without compiling
 */
public record CompiledCode(Function<Instance, Machine> machine, Reach reach, byte[] kept) {
  /** A JVM method has at most 255 parameters, of which long ones count twice. */
  private static final int MOST_RETURNED = 127;

  /** The compiler's name for the method of a function, without its index. */
  private static final String FUNCTION = "func_";

  /** Each attempt compiles the module again, so there are few. */
  private static final int ATTEMPTS = 6;

  /** A bit of the first byte of stored code. */
  private static final int LOWERED = 0x10;

  /** How much of a module is compiled; the interpreter needs the parsed code of the rest. */
  public enum Reach {
    /** All functions. */
    WHOLE(1),
    /** All but some functions, which are interpreted. */
    PART(2),
    /** None. */
    NONE(3);

    /** The first byte of stored code of this reach. */
    private final byte mark;

    Reach(int mark) {
      this.mark = (byte) mark;
    }

    public boolean interpreted() {
      return this != WHOLE;
    }
  }

  /**
   * Compiles a module. A function that is too large for a method of the JVM is interpreted, along
   * with all that are as large, and so is one with tail calls, which the compiler turns into calls
   * that fill the stack. The whole module is interpreted if that does not converge, if the code
   * that links the functions is too large, or if a function returns more values than a JVM method
   * can have parameters.
   *
   * @param large functions that are known to be too large, by their place in the code
   */
  public static CompiledCode of(WasmModule module, Set<Integer> large) {
    var interpreted = tailCalling(module);
    var imported = module.importSection().count(ExternalType.FUNCTION);
    large.forEach(function -> interpreted.add(function + imported));
    var attempts = returnsTooMuch(module) ? 0 : ATTEMPTS;
    for (var attempt = 0; attempt < attempts; attempt++) {
      try {
        var classes = new Classes(null);
        var machine =
            machine(
                MachineFactoryCompiler.builder(module)
                    .withInterpreterFallback(InterpreterFallback.FAIL)
                    .withInterpretedFunctions(interpreted)
                    .withCache(classes));
        return new CompiledCode(
            machine, interpreted.isEmpty() ? Reach.WHOLE : Reach.PART, classes.made());
      } catch (RuntimeException e) {
        var cause = e instanceof ChicoryException ? e.getCause() : e;
        if (cause instanceof MethodTooLargeException method
            && method.getMethodName().startsWith(FUNCTION)) {
          var function = Integer.parseInt(method.getMethodName().substring(FUNCTION.length()));
          addAsLarge(module, function, interpreted);
        } else if (cause instanceof MethodTooLargeException
            || cause instanceof ClassTooLargeException) {
          break;
        } else {
          throw e;
        }
      }
    }
    return new CompiledCode(BoundedInterpreter::new, Reach.NONE, new byte[0]);
  }

  /**
   * The form in which it is stored, which {@link #reach(byte[])} and {@link #again} read.
   *
   * @param lowered whether it is the code of what {@code SimdLowering} made of the module
   */
  public Optional<byte[]> toBytes(boolean lowered) {
    var mark = (byte) (reach.mark | (lowered ? LOWERED : 0));
    return kept.length == 0 && reach != Reach.NONE
        ? Optional.empty()
        : Optional.of(ByteBuffer.allocate(1 + kept.length).put(mark).put(kept).array());
  }

  /** Whether the stored code is that of what {@code SimdLowering} made of the module. */
  public static boolean isLowered(byte[] bytes) {
    return bytes.length > 0 && (bytes[0] & LOWERED) != 0;
  }

  /**
   * How much of the module the stored code contains.
   *
   * @throws IllegalArgumentException when it is not stored code
   */
  public static Reach reach(byte[] bytes) {
    for (var reach : Reach.values()) {
      if (bytes.length > 0 && (bytes[0] & ~LOWERED) == reach.mark) {
        return reach;
      }
    }
    throw new IllegalArgumentException("no kept code");
  }

  /**
   * Restores code that was compiled before.
   *
   * @param module the module that it was compiled from, with the bodies of its functions unless all
   *     of them are compiled
   * @throws RuntimeException when it is not stored code
   * @throws LinkageError when it is not stored code
   */
  public static CompiledCode again(byte[] bytes, WasmModule module) {
    var reach = reach(bytes);
    if (reach == Reach.NONE) {
      return new CompiledCode(BoundedInterpreter::new, reach, new byte[0]);
    }
    var classes = new Classes(Arrays.copyOfRange(bytes, 1, bytes.length));
    var machine = machine(MachineFactoryCompiler.builder(module).withCache(classes));
    if (!classes.asked) {
      // Otherwise it would have compiled empty functions.
      throw new IllegalStateException("the compiler does not use the classes that it made before");
    }
    return new CompiledCode(machine, reach, classes.made());
  }

  /** The machine alone; {@link ServletModule} checks which module it runs. */
  private static Function<Instance, Machine> machine(MachineFactoryCompiler.Builder compiler) {
    return ((CompiledModule) compiler.compile()).machineFactory();
  }

  /** Passes stored classes to the compiler, and receives the ones that it compiles. */
  private static final class Classes implements Cache {
    private byte @Nullable [] classes;
    private boolean asked;

    Classes(byte @Nullable [] classes) {
      this.classes = classes;
    }

    @Override
    public byte @Nullable [] get(String key) {
      asked = true;
      return classes;
    }

    @Override
    public void putIfAbsent(String key, byte[] data) {
      classes = data;
    }

    byte[] made() {
      return asked && classes != null ? classes : new byte[0];
    }
  }

  private static boolean returnsTooMuch(WasmModule module) {
    var functions = module.functionSection();
    return IntStream.range(0, functions.functionCount())
        .map(functions::getFunctionType)
        .anyMatch(type -> module.typeSection().getType(type).returns().size() > MOST_RETURNED);
  }

  private static Set<Integer> tailCalling(WasmModule module) {
    var imported = module.importSection().count(ExternalType.FUNCTION);
    var bodies = module.codeSection().functionBodies();
    var found = new HashSet<Integer>();
    for (var i = 0; i < bodies.length; i++) {
      if (bodies[i].instructions().stream().anyMatch(CompiledCode::isTailCall)) {
        found.add(i + imported);
      }
    }
    return found;
  }

  private static boolean isTailCall(Instruction instruction) {
    return instruction.opcode() == OpCode.RETURN_CALL
        || instruction.opcode() == OpCode.RETURN_CALL_INDIRECT;
  }

  private static void addAsLarge(WasmModule module, int function, Set<Integer> large) {
    var imported = module.importSection().count(ExternalType.FUNCTION);
    var bodies = module.codeSection().functionBodies();
    var size = bodies[function - imported].instructions().size();
    for (var i = 0; i < bodies.length; i++) {
      if (bodies[i].instructions().size() >= size) {
        large.add(i + imported);
      }
    }
  }
}
