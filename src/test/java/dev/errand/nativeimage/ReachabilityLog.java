package dev.errand.nativeimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A file of what a process has looked up by name or reflection: kind, name and call site a line.
 * What a class initialiser looks up while the image is built isn't in it.
 */
public final class ReachabilityLog {
  /** How many callers a call site is told by. */
  private static final int CALLERS = 3;

  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();
  private static volatile @Nullable Path file;
  private static volatile Set<String> initialisedAtRunTime = Set.of();

  private ReachabilityLog() {}

  /** Writes to a file, from now on. */
  static void writeTo(Path log, Set<String> runTimeClasses) {
    initialisedAtRunTime = runTimeClasses;
    file = log;
  }

  /** Writes that the check itself has failed. */
  static void fail(String why) {
    System.err.println("The simulation failed: " + why);
    write("failure\t" + why + "\t-");
  }

  /** Writes what was found, once a call site. */
  static void note(String kind, String what) {
    if (file != null) {
      String site = site();
      if (site != null && KNOWN.add(kind + what + site)) {
        write(kind + '\t' + what + '\t' + site);
      }
    }
  }

  /** Writes what was found of a class, unless it is one of the JDK's. */
  static void reflected(String kind, Class<?> type) {
    if (isOurs(type)) {
      note(kind, type.getName());
    }
  }

  /** Whether a class comes from the class path. */
  static boolean isOurs(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element.getClassLoader() != null && !element.isHidden();
  }

  /** The class whose call was replaced. */
  static Class<?> caller() {
    return STACK.walk(
        frames ->
            frames
                .map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> !isCheck(type))
                .findFirst()
                .orElseThrow());
  }

  private static synchronized void write(String line) {
    Path log = file;
    if (log != null) {
      try {
        Files.writeString(log, line + '\n', StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static @Nullable String site() {
    return STACK.walk(
        frames -> {
          List<StackWalker.StackFrame> all =
              frames.filter(frame -> !isCheck(frame.getDeclaringClass())).toList();
          return all.stream().anyMatch(ReachabilityLog::isOfTheBuild)
              ? null
              : all.stream()
                  .limit(CALLERS)
                  .map(frame -> frame.getClassName() + '.' + frame.getMethodName())
                  .collect(Collectors.joining(" < "));
        });
  }

  private static boolean isOfTheBuild(StackWalker.StackFrame frame) {
    return frame.getMethodName().equals("<clinit>")
        && frame.getDeclaringClass().getClassLoader() != null
        && !initialisedAtRunTime.contains(frame.getClassName());
  }

  private static boolean isCheck(Class<?> type) {
    return type.getPackageName().equals(ReachabilityLog.class.getPackageName());
  }
}
