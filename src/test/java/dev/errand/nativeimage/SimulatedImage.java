package dev.errand.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Starts a {@link NativeProcess} on what a native build would be given. */
public final class SimulatedImage {
  private static final List<Class<?>> INSIDE =
      List.of(
          CallSiteTransformer.class,
          ImageBuild.class,
          ImageHeap.class,
          NativeProcess.class,
          ReachabilityAgent.class,
          ReachabilityLog.class,
          ReflectionCalls.class,
          Replaces.class,
          ResourceCalls.class);

  private final NativeSources sources;
  private final Path agent;

  /**
   * A simulation.
   *
   * @param folder where it keeps its agent
   */
  public SimulatedImage(NativeSources sources, Path folder) throws IOException {
    this.sources = sources;
    this.agent = folder.resolve("agent.jar");
    pack();
  }

  /** Starts the service in that environment, and notes what it reaches and what it initialises. */
  public Process start(Path log, Path reached, Path initialised, Map<String, String> environment)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("start", reached.toString()));
    environment.forEach((name, value) -> arguments.add(name + "=" + value));
    return process(log, List.of("-Xlog:class+init=info:file=" + initialised), arguments);
  }

  /** Writes down what the image would hold and may not; by the classes that a start initialised. */
  public Process walk(Path log, Path initialised, Path forbidden) throws IOException {
    return process(
        log,
        List.of(),
        List.of("heap", sources.jar().toString(), initialised.toString(), forbidden.toString()));
  }

  private Process process(Path log, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(sources.options());
    command.addAll(options);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // As the jar's manifest says, which counts where a jar is started by its name alone.
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Xbootclasspath/a:" + agent,
            "-javaagent:" + agent,
            "-cp",
            sources.jar().toString(),
            NativeProcess.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // A machine that builds knows nothing of how the service is going to be configured.
    builder.environment().keySet().removeIf(name -> name.matches("(ERRAND|QUARKUS|OTEL)_.*"));
    return builder.start();
  }

  private void pack() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", ReachabilityAgent.class.getName());
    manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
    try (OutputStream file = Files.newOutputStream(agent);
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      for (Class<?> type : INSIDE) {
        add(jar, type);
        for (Class<?> inner : type.getDeclaredClasses()) {
          add(jar, inner);
        }
      }
    }
  }

  private static void add(JarOutputStream jar, Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    jar.putNextEntry(new JarEntry(name));
    try (InputStream in = SimulatedImage.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      in.transferTo(jar);
    }
    jar.closeEntry();
  }
}
