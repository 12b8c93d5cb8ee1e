import com.dylibso.chicory.build.time.compiler.Config;
import com.dylibso.chicory.build.time.compiler.Generator;
import com.dylibso.chicory.compiler.InterpreterFallback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiles servlets to JVM code while Errand is built, so that no process has to, and a native
 * executable, which could not, runs them as fast. The build starts it from this source; {@code
 * pom.xml} tells with what.
 */
final class Prebuild {
  private static final String PACKAGE = "dev.errand.tools.servlet.prebuilt";
  private static final String FOLDER = PACKAGE.replace('.', '/');

  private Prebuild() {}

  /**
   * Compiles what there is, unless the last build did.
   *
   * @param args the version of the compiler, the folder for sources, the folder for code, and the
   *     folders with modules, of which those that do not exist hold none
   */
  public static void main(String... args) throws Exception {
    Path sources = Path.of(args[1]);
    Path code = Path.of(args[2]);
    Map<String, Path> modules = new TreeMap<>();
    for (String folder : List.of(args).subList(3, args.length)) {
      for (Path module : modulesIn(Path.of(folder))) {
        modules.put(address(Files.readAllBytes(module)), module);
      }
    }
    String made = args[0] + " " + address(Files.readAllBytes(self())) + " " + modules;
    Path stamp = code.resolveSibling("prebuilt.stamp");
    if (Files.exists(stamp) && Files.readString(stamp).equals(made)) {
      return;
    }
    empty(sources);
    empty(code);
    for (Map.Entry<String, Path> module : modules.entrySet()) {
      compile(module.getKey(), module.getValue(), code);
    }
    Path index = sources.resolve(FOLDER).resolve("BuiltIn.java");
    Files.createDirectories(index.getParent());
    Files.writeString(index, index(modules.keySet()));
    Files.writeString(stamp, made);
  }

  private static void compile(String address, Path module, Path code) throws IOException {
    Generator generator =
        new Generator(
            Config.builder()
                .withWasmFile(module)
                .withName(PACKAGE + "." + name(address))
                .withTargetClassFolder(code)
                .withTargetSourceFolder(code)
                .withTargetWasmFolder(code)
                // A function that no method of the JVM can hold is left to the interpreter.
                .withInterpreterFallback(InterpreterFallback.WARN)
                .build());
    Set<Integer> interpreted = generator.generateResources();
    generator.generateMetaWasm(interpreted);
    System.out.println(
        module
            + ": compiled"
            + (interpreted.isEmpty() ? "" : ", but for " + interpreted.size() + " functions"));
  }

  private static String index(Set<String> addresses) {
    String cases =
        addresses.stream()
            .map(
                address ->
                    """
                          case "%s" -> Optional.of(
                              new Prebuilt(%s.MODULE, %sMachine::new));
                    """
                        .formatted(address, name(address), name(address)))
            .collect(Collectors.joining());
    String holders =
        addresses.stream()
            .map(
                address ->
                    """

                      private static final class %s {
                        static final WasmModule MODULE = parse("%s.meta");
                      }
                    """
                        .formatted(name(address), name(address)))
            .collect(Collectors.joining());
    return """
    package %s;

    import com.dylibso.chicory.wasm.Parser;
    import com.dylibso.chicory.wasm.WasmModule;
    import dev.errand.tools.servlet.module.PrebuiltModules;
    import java.io.IOException;
    import java.io.InputStream;
    import java.io.UncheckedIOException;
    import java.util.Optional;
    import javax.annotation.processing.Generated;

    /** The servlets that were compiled when this program was built. */
    @Generated("Prebuild")
    public final class BuiltIn implements PrebuiltModules {
      @Override
      public Optional<Prebuilt> find(String address) {
        return switch (address) {
    %s      default -> Optional.empty();
        };
      }

      // The machine's own module knows which of its functions are compiled; it was valid then.
      private static WasmModule parse(String resource) {
        try (InputStream in = BuiltIn.class.getResourceAsStream(resource)) {
          return Parser.builder().withValidation(false).build().parse(() -> in);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    %s}
    """
        .formatted(PACKAGE, cases, holders);
  }

  private static String name(String address) {
    return "Servlet_" + address.substring(0, 16);
  }

  private static List<Path> modulesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".wasm")).sorted().toList();
    }
  }

  private static void empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> files = new ArrayList<>();
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(files::add);
      }
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.createDirectories(folder);
  }

  private static Path self() {
    return Path.of("src/main/servlets/Prebuild.java");
  }

  private static String address(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
