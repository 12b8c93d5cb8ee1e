package dev.errand.nativeimage;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The simulated process: in one JVM, first the build, which knows nothing of the environment that
 * the service is started in, then what comes of it.
 */
public final class NativeProcess {
  private static final String PHASE = "org.graalvm.nativeimage.imagecode";

  private NativeProcess() {}

  /**
   * {@code heap JAR CLASSES OUT} walks the heap that the image would have, with the classes that a
   * start initialised; {@code start OUT NAME=VALUE...} starts the service in that environment.
   */
  public static void main(String... args) throws Exception {
    System.setProperty(PHASE, "buildtime");
    ImageBuild build = new ImageBuild();
    build.initialise(List.of(ImageBuild.APPLICATION));
    List<String> given = List.of(args);
    switch (given.getFirst()) {
      case "heap" -> walk(build, given.get(1), Path.of(given.get(2)), Path.of(given.get(3)));
      case "start" -> start(build, Path.of(given.get(1)), given.subList(2, given.size()));
      default -> throw new IllegalArgumentException(given.getFirst());
    }
  }

  private static void walk(ImageBuild build, String jar, Path started, Path out)
      throws IOException, IllegalAccessException {
    Set<String> classes = new LinkedHashSet<>(ImageBuild.classes(jar));
    classes.addAll(Files.readAllLines(started));
    ImageHeap heap = new ImageHeap(build);
    List<Class<?>> initialised = build.initialise(classes);
    for (Class<?> type : initialised) {
      heap.follow(type);
    }
    List<String> lines = new ArrayList<>(heap.forbidden());
    lines.add(heap.size() + " objects of " + initialised.size() + " classes");
    Files.write(out, lines);
    System.exit(0);
  }

  private static void start(ImageBuild build, Path out, List<String> environment)
      throws ReflectiveOperationException {
    System.setProperty(PHASE, "runtime");
    set(environment);
    ReachabilityLog.writeTo(out, build.atRunTime());
    Class.forName("dev.errand.app.boot.Errand", true, ClassLoader.getSystemClassLoader())
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[0]);
  }

  // What the build has kept of the environment is not changed by this, nor is it in an executable.
  @SuppressWarnings("unchecked")
  private static void set(List<String> environment) throws ReflectiveOperationException {
    Field wrapped = Class.forName("java.util.Collections$UnmodifiableMap").getDeclaredField("m");
    wrapped.setAccessible(true);
    Map<String, String> all = (Map<String, String>) wrapped.get(System.getenv());
    for (String entry : environment) {
      int split = entry.indexOf('=');
      all.put(entry.substring(0, split), entry.substring(split + 1));
    }
  }
}
