package dev.errand.nativeimage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a native build hands to native-image: jars, arguments, and what is registered in them. */
public final class NativeSources {
  private static final Path FOLDER = Path.of("target", "native-sources");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, List<JsonNode>> reflection = new HashMap<>();
  private final List<Pattern> resources = new ArrayList<>();
  private final Set<String> bundles = new HashSet<>();
  private final Set<String> proxies = new HashSet<>();
  private final List<String> arguments;
  private final Path jar;

  /** Reads what the build has left. */
  public NativeSources() throws IOException {
    if (!Files.isDirectory(FOLDER)) {
      throw new IllegalStateException(FOLDER + " is not there: it is made by ./mvnw verify.");
    }
    arguments = List.of(Files.readString(FOLDER.resolve("native-image.args")).split(" "));
    try (Stream<Path> files = Files.list(FOLDER)) {
      jar = files.filter(file -> file.toString().endsWith("-runner.jar")).findFirst().orElseThrow();
    }
    read(jar);
    try (Stream<Path> files = Files.list(FOLDER.resolve("lib"))) {
      for (Path file : files.toList()) {
        read(file);
      }
    }
  }

  /** The jar of the application, which names the others. */
  public Path jar() {
    return jar;
  }

  /** The options of the JVM in which native-image runs class initialisers. */
  public List<String> options() {
    return arguments.stream()
        .filter(argument -> argument.startsWith("-J"))
        .map(argument -> argument.substring(2))
        .filter(option -> !option.contains("org.graalvm"))
        .toList();
  }

  /** Whether what {@link ReachabilityLog} has noted is there in the executable, too. */
  public boolean isRegistered(String kind, String what) {
    String owner = what.replaceFirst("#.*", "");
    String member = what.replaceFirst(".*#", "");
    return switch (kind) {
      case "class", "components" -> reflection.containsKey(what);
      case "constructor", "constructors" ->
          isIn(what, "methods", "<init>", "allDeclaredConstructors", "allPublicConstructors");
      case "methods" -> isIn(what, "methods", "", "allDeclaredMethods", "allPublicMethods");
      case "method" -> isIn(owner, "methods", member, "allDeclaredMethods", "allPublicMethods");
      case "fields" -> isIn(what, "fields", "", "allDeclaredFields", "allPublicFields");
      case "field" -> isIn(owner, "fields", member, "allDeclaredFields", "allPublicFields");
      case "resource" -> isResource(what);
      case "service" -> {
        String[] service = what.split("=", 2);
        yield isResource("META-INF/services/" + service[0])
            && isRegistered("constructor", service[1]);
      }
      case "bundle" -> bundles.contains(what);
      case "proxy" -> proxies.contains(what);
      default -> false;
    };
  }

  private boolean isResource(String name) {
    return resources.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  private boolean isIn(String type, String listed, String member, String... all) {
    for (JsonNode entry : reflection.getOrDefault(type, List.of())) {
      for (String flag : all) {
        if (entry.path(flag).asBoolean()) {
          return true;
        }
      }
      for (JsonNode one : entry.path(listed)) {
        if (member.isEmpty() || one.path("name").asText().equals(member)) {
          return true;
        }
      }
    }
    return false;
  }

  private void read(Path file) throws IOException {
    try (JarFile open = new JarFile(file.toFile())) {
      for (JarEntry entry : open.stream().toList()) {
        String name = entry.getName();
        if (name.startsWith("META-INF/native-image/")
            && name.endsWith(".json")
            && !isExcluded(file, name)) {
          try (InputStream in = open.getInputStream(entry)) {
            read(name.substring(name.lastIndexOf('/') + 1), JSON.readTree(in));
          }
        }
      }
    }
  }

  private boolean isExcluded(Path file, String name) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).equals("--exclude-config")
          && Pattern.compile(arguments.get(i + 1)).matcher(file.toString()).find()
          && Pattern.compile(arguments.get(i + 2)).matcher("/" + name).find()) {
        return true;
      }
    }
    return false;
  }

  private void read(String kind, JsonNode config) {
    switch (kind) {
      case "reflect-config.json" ->
          config.forEach(
              entry ->
                  reflection
                      .computeIfAbsent(entry.path("name").asText(), _ -> new ArrayList<>())
                      .add(entry));
      case "resource-config.json" -> {
        JsonNode listed = config.path("resources");
        (listed.isArray() ? listed : listed.path("includes"))
            .forEach(entry -> resources.add(Pattern.compile(entry.path("pattern").asText())));
        config.path("bundles").forEach(entry -> bundles.add(entry.path("name").asText()));
      }
      case "proxy-config.json" ->
          config.forEach(
              entry -> {
                List<String> types = new ArrayList<>();
                (entry.isArray() ? entry : entry.path("interfaces"))
                    .forEach(type -> types.add(type.asText()));
                proxies.add(String.join(",", types));
              });
      case "jni-config.json", "serialization-config.json" -> {}
      default -> throw new IllegalStateException("A kind of metadata that is not known: " + kind);
    }
  }
}
