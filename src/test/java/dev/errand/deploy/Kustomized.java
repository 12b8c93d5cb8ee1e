package dev.errand.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What kustomize makes of a folder, as far as the manifests make use of it. What it would not take,
 * or would take and make something else of than is meant, fails here.
 */
final class Kustomized {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Set<String> FIELDS =
      Set.of("apiVersion", "kind", "resources", "patches", "images");
  private static final Set<String> TARGET = Set.of("group", "version", "kind", "name");

  private final Path folder;
  private final List<ObjectNode> resources = new ArrayList<>();

  private Kustomized(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** The resources that a folder with a kustomization stands for. */
  static List<ObjectNode> build(Path folder) throws IOException {
    Kustomized built = new Kustomized(folder);
    JsonNode kustomization = YAML.readTree(folder.resolve("kustomization.yaml").toFile());
    checkNames(folder, kustomization, FIELDS);
    for (JsonNode resource : kustomization.path("resources")) {
      built.add(resource.asText());
    }
    for (JsonNode patch : kustomization.path("patches")) {
      built.patch(patch);
    }
    for (JsonNode image : kustomization.path("images")) {
      built.name(image);
    }
    return built.resources;
  }

  /** The documents of a file. */
  static List<ObjectNode> documents(Path file) throws IOException {
    try (MappingIterator<ObjectNode> documents =
        YAML.readerFor(ObjectNode.class).readValues(Files.readString(file))) {
      return documents.readAll();
    }
  }

  private void add(String name) throws IOException {
    Path named = folder.resolve(name).normalize();
    if (folder.startsWith(named)) {
      throw new AssertionError(folder + ": kustomize takes no folder that it is in, as " + name);
    }
    if (Files.isDirectory(named)) {
      resources.addAll(build(named));
    } else if (named.startsWith(folder)) {
      resources.addAll(documents(named));
    } else {
      throw new AssertionError(
          folder + ": the file " + name + " is not in it; of elsewhere it may name folders alone");
    }
  }

  private void patch(JsonNode patch) throws IOException {
    checkNames(folder, patch, Set.of("target", "patch"));
    checkNames(folder, patch.path("target"), TARGET);
    JsonNode operations = YAML.readTree(patch.path("patch").asText());
    if (operations.path("$patch").asText().equals("delete")) {
      if (!resources.removeIf(resource -> isTarget(patch.path("target"), resource))) {
        throw new AssertionError(folder + ": there is no " + patch.path("target"));
      }
      return;
    }
    if (!operations.isArray() || patch.path("target").isEmpty()) {
      throw new AssertionError(
          folder
              + ": of custom resources a strategic merge replaces whole lists: name a target and"
              + " patch it by JSON6902");
    }
    int patched = 0;
    for (int i = 0; i < resources.size(); i++) {
      if (isTarget(patch.path("target"), resources.get(i))) {
        resources.set(i, patched(resources.get(i), operations));
        patched++;
      }
    }
    if (patched == 0) {
      throw new AssertionError(folder + ": there is no " + patch.path("target"));
    }
  }

  private static boolean isTarget(JsonNode target, JsonNode resource) {
    String api = resource.path("apiVersion").asText();
    int slash = api.indexOf('/');
    return matches(target.path("group"), slash < 0 ? "" : api.substring(0, slash))
        && matches(target.path("version"), api.substring(slash + 1))
        && matches(target.path("kind"), resource.path("kind").asText())
        && matches(target.path("name"), resource.path("metadata").path("name").asText());
  }

  private static boolean matches(JsonNode wanted, String value) {
    return wanted.isMissingNode() || wanted.asText().equals(value);
  }

  private static ObjectNode patched(ObjectNode resource, JsonNode operations) throws IOException {
    try (JsonReader patch = Json.createReader(new StringReader(operations.toString()));
        JsonReader read = Json.createReader(new StringReader(resource.toString()))) {
      return (ObjectNode)
          YAML.readTree(Json.createPatch(patch.readArray()).apply(read.readObject()).toString());
    }
  }

  private void name(JsonNode image) {
    checkNames(folder, image, Set.of("name", "newName", "newTag", "digest"));
    int named = 0;
    for (ObjectNode resource : resources) {
      for (JsonNode container : resource.at("/spec/template/spec/containers")) {
        if (container.path("image").asText().startsWith(image.path("name").asText() + ":")) {
          ((ObjectNode) container).put("image", image.path("newName").asText() + version(image));
          named++;
        }
      }
    }
    if (named == 0) {
      throw new AssertionError(folder + ": no container has the image " + image.path("name"));
    }
  }

  // Of both, kustomize takes the digest.
  private static String version(JsonNode image) {
    return image.has("digest")
        ? "@" + image.path("digest").asText()
        : ":" + image.path("newTag").asText();
  }

  private static void checkNames(Path folder, JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new AssertionError(folder + ": " + name + " is not known here");
              }
            });
  }
}
