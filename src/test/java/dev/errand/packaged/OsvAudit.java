package dev.errand.packaged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.maven.artifact.versioning.ComparableVersion;

/** Compares what a CycloneDX SBOM lists with vulnerabilities in the format of OSV. */
final class OsvAudit {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MAVEN = "pkg:maven/";

  private OsvAudit() {}

  /**
   * A component that is vulnerable.
   *
   * @param component as {@code group:artifact:version}
   * @param id of the vulnerability
   * @param summary what it is, if that is said
   */
  record Finding(String component, String id, String summary) {
    @Override
    public String toString() {
      return component + " " + id + (summary.isEmpty() ? "" : ": " + summary);
    }
  }

  /** The components of Maven that an SBOM lists, as {@code group:artifact:version}. */
  static Set<String> components(Path sbom) throws IOException {
    Set<String> found = new TreeSet<>();
    for (JsonNode component : JSON.readTree(sbom.toFile()).path("components")) {
      String purl = component.path("purl").asText();
      if (purl.startsWith(MAVEN)) {
        found.add(name(purl) + ":" + version(purl));
      }
    }
    return found;
  }

  /**
   * What of that is vulnerable.
   *
   * @param osv a file with a vulnerability or an array of them, or a folder of such files
   */
  static List<Finding> findings(Set<String> components, Path osv) throws IOException {
    TreeMap<String, List<String>> versions = new TreeMap<>();
    for (String component : components) {
      int end = component.lastIndexOf(':');
      versions
          .computeIfAbsent(component.substring(0, end), name -> new ArrayList<>())
          .add(component.substring(end + 1));
    }
    List<Finding> found = new ArrayList<>();
    for (Path file : files(osv)) {
      JsonNode root = JSON.readTree(file.toFile());
      for (JsonNode vulnerability : root.isArray() ? root : List.of(root)) {
        if (!vulnerability.path("id").isTextual() || !vulnerability.path("affected").isArray()) {
          throw new IOException(file + " is no vulnerability in the format of OSV");
        }
        if (vulnerability.has("withdrawn")) {
          continue;
        }
        for (JsonNode affected : vulnerability.path("affected")) {
          String name = affectedName(affected.path("package"));
          for (String version : versions.getOrDefault(name, List.of())) {
            if (isAffected(new ComparableVersion(version), affected)) {
              found.add(
                  new Finding(
                      name + ":" + version,
                      vulnerability.path("id").asText(),
                      vulnerability.path("summary").asText()));
            }
          }
        }
      }
    }
    return found.stream().distinct().toList();
  }

  private static List<Path> files(Path osv) throws IOException {
    if (Files.isRegularFile(osv)) {
      return List.of(osv);
    }
    try (Stream<Path> all = Files.walk(osv)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      if (files.isEmpty()) {
        throw new IOException(osv + " has no file in it that ends in .json");
      }
      return files;
    }
  }

  private static String affectedName(JsonNode named) {
    String purl = named.path("purl").asText();
    if (named.path("ecosystem").asText().equals("Maven")) {
      return named.path("name").asText();
    }
    return purl.startsWith(MAVEN) ? name(purl) : "";
  }

  private static boolean isAffected(ComparableVersion version, JsonNode affected) {
    for (JsonNode listed : affected.path("versions")) {
      if (version.equals(new ComparableVersion(listed.asText()))) {
        return true;
      }
    }
    for (JsonNode range : affected.path("ranges")) {
      // A range of commits says nothing of versions.
      if (!range.path("type").asText().equals("GIT") && isIn(version, range.path("events"))) {
        return true;
      }
    }
    return false;
  }

  private record Event(String kind, ComparableVersion version) {}

  private static boolean isIn(ComparableVersion version, JsonNode events) {
    List<Event> sorted = new ArrayList<>();
    for (JsonNode event : events) {
      event
          .properties()
          .forEach(
              field ->
                  sorted.add(
                      new Event(field.getKey(), new ComparableVersion(field.getValue().asText()))));
    }
    sorted.sort(Comparator.comparing(Event::version));
    boolean isIn = false;
    for (Event event : sorted) {
      int order = version.compareTo(event.version());
      switch (event.kind()) {
        case "introduced" ->
            isIn |= order >= 0 || event.version().equals(new ComparableVersion("0"));
        case "fixed", "limit" -> isIn &= order < 0;
        case "last_affected" -> isIn &= order <= 0;
        default -> throw new IllegalArgumentException("OSV knows no event " + event.kind());
      }
    }
    return isIn;
  }

  // pkg:maven/group/artifact@version?qualifiers#path
  private static String name(String purl) {
    String path = purl.substring(MAVEN.length()).replaceFirst("[@?#].*", "");
    return decode(path).replace('/', ':');
  }

  private static String version(String purl) {
    return purl.contains("@")
        ? decode(purl.replaceFirst("[^@]*@", "").replaceFirst("[?#].*", ""))
        : "";
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
