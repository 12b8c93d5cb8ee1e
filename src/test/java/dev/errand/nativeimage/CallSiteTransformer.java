package dev.errand.nativeimage;

import static java.lang.classfile.Opcode.INVOKEINTERFACE;
import static java.lang.classfile.Opcode.INVOKESPECIAL;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has classes outside the JDK call {@link ReflectionCalls} and {@link ResourceCalls} where they
 * would look something up. What native-image can see for itself, a look-up by constants, is left
 * alone.
 */
final class CallSiteTransformer implements ClassFileTransformer {
  /** How many instructions before a call its constants may stand. */
  private static final int NEAR = 8;

  /** By what is called, as {@code owner.name(types)type}, what is called instead. */
  private static final Map<String, Method> REPLACEMENTS = new HashMap<>();

  static {
    for (Class<?> calls : List.of(ReflectionCalls.class, ResourceCalls.class)) {
      for (Method method : calls.getDeclaredMethods()) {
        Replaces replaces = method.getAnnotation(Replaces.class);
        if (replaces != null) {
          MethodTypeDesc type = type(method);
          MethodTypeDesc called = replaces.isStatic() ? type : type.dropParameterTypes(0, 1);
          REPLACEMENTS.put(key(replaces.value().getName(), method.getName(), called), method);
        }
      }
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader == null || loader.equals(ClassLoader.getPlatformClassLoader())) {
      return null;
    }
    try {
      ClassFile file =
          ClassFile.of(
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(loader)));
      ClassModel type = file.parse(bytes);
      return calls(type)
          ? file.transformClass(
              type, ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Sites::new)))
          : null;
    } catch (RuntimeException | Error e) {
      // A JVM takes no notice of an agent that throws, and what is not seen is not checked.
      ReachabilityLog.fail("can't instrument " + name + ": " + e);
      return null;
    }
  }

  private static boolean calls(ClassModel type) {
    for (PoolEntry entry : type.constantPool()) {
      if (entry instanceof MemberRefEntry member
          && REPLACEMENTS.containsKey(
              member.owner().asInternalName().replace('/', '.')
                  + '.'
                  + member.name().stringValue()
                  + member.type().stringValue())) {
        return true;
      }
    }
    return false;
  }

  private static String key(String owner, String name, MethodTypeDesc type) {
    return owner + '.' + name + type.descriptorString();
  }

  private static MethodTypeDesc type(Method method) {
    return MethodTypeDesc.of(
        method.getReturnType().describeConstable().orElseThrow(),
        Arrays.stream(method.getParameterTypes())
            .map(parameter -> parameter.describeConstable().orElseThrow())
            .toList());
  }

  /** The calls of one method. */
  private static final class Sites implements CodeTransform {
    private final Deque<CodeElement> before = new ArrayDeque<>();

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      Method replacement = element instanceof InvokeInstruction call ? replacement(call) : null;
      if (replacement == null) {
        builder.with(element);
      } else {
        builder.invokestatic(
            ClassDesc.of(replacement.getDeclaringClass().getName()),
            replacement.getName(),
            type(replacement));
      }
      if (element instanceof Instruction) {
        before.addFirst(element);
        if (before.size() > NEAR) {
          before.removeLast();
        }
      }
    }

    private @Nullable Method replacement(InvokeInstruction call) {
      Opcode opcode = call.opcode();
      if (opcode == INVOKEINTERFACE || opcode == INVOKESPECIAL) {
        return null;
      }
      Method replacement =
          REPLACEMENTS.get(
              key(
                  call.owner().asInternalName().replace('/', '.'),
                  call.name().stringValue(),
                  call.typeSymbol()));
      return replacement == null || isConstant(replacement) ? null : replacement;
    }

    private boolean isConstant(Method replacement) {
      boolean text = Arrays.asList(replacement.getParameterTypes()).contains(String.class);
      boolean type = replacement.getParameterTypes()[0] == Class.class;
      boolean textKnown = !text;
      boolean typeKnown = !type;
      for (CodeElement element : before) {
        if (element instanceof InvokeInstruction call && !fetchesLoader(call)) {
          break;
        }
        if (element instanceof ConstantInstruction constant) {
          textKnown |= constant.constantValue() instanceof String;
          typeKnown |= constant.constantValue() instanceof ClassDesc;
        }
      }
      return (text || type) && textKnown && typeKnown;
    }

    // To native-image it does not matter which loader is asked.
    private static boolean fetchesLoader(InvokeInstruction call) {
      return call.typeSymbol().returnType().displayName().equals("ClassLoader")
          || call.name().equalsString("currentThread");
    }
  }
}
