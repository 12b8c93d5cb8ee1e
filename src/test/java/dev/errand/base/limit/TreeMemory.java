package dev.errand.base.limit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures how much memory trees of JSON take, in a JVM of its own: nothing else allocates there,
 * and a collection of its small heap takes milliseconds.
 */
final class TreeMemory {
  private TreeMemory() {}

  /** The memory of the tree of each text, in bytes. */
  static List<Long> of(List<Path> texts) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TreeMemory.class.getName()));
    texts.forEach(text -> command.add(text.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
    return output.lines().map(Long::valueOf).toList();
  }

  /** Prints the memory of the tree of each file's text, in bytes. */
  public static void main(String[] files) throws IOException {
    ObjectMapper json =
        new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    for (String file : files) {
      byte[] text = Files.readAllBytes(Path.of(file));
      json.readTree(text);
      long[] measured = {taken(json, text), taken(json, text), taken(json, text)};
      Arrays.sort(measured);
      System.out.println(measured[1]);
    }
  }

  private static long taken(ObjectMapper json, byte[] text) throws IOException {
    long before = inUse();
    JsonNode tree = json.readTree(text);
    long taken = inUse() - before;
    // Used after it is measured, the tree is not collected before.
    if (tree.isEmpty()) {
      throw new IllegalStateException("The tree is empty.");
    }
    return taken;
  }

  private static long inUse() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
