package dev.errand.base.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * JSON Merge Patch (RFC 7396): a field of the patch replaces that of the target; null removes it.
 */
public final class MergePatch {
  public static final String MEDIA_TYPE = "application/merge-patch+json";

  private MergePatch() {}

  /**
   * The patch in the body of a request.
   *
   * @throws ApiException when it is not an object, which would replace the whole target
   */
  public static ObjectNode in(@Nullable JsonNode body) {
    if (body instanceof ObjectNode patch) {
      return patch;
    }
    throw ApiException.invalid(
        "body", "must be an object with the fields to change (JSON Merge Patch, RFC 7396)");
  }

  /** The patch that makes one object another; fields that are null there are removed. */
  public static ObjectNode between(ObjectNode before, ObjectNode after) {
    ObjectNode patch = before.objectNode();
    before.fieldNames().forEachRemaining(name -> patch.putNull(name));
    after
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              JsonNode known = before.get(name);
              if (value.equals(known)) {
                patch.remove(name);
              } else if (known instanceof ObjectNode from && value instanceof ObjectNode to) {
                patch.set(name, between(from, to));
              } else {
                patch.set(name, value);
              }
            });
    return patch;
  }

  /** A copy of the target with the patch applied. */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    ObjectNode patched = target.deepCopy();
    merge(patched, patch);
    return patched;
  }

  private static void merge(ObjectNode into, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (value.isNull()) {
                into.remove(name);
              } else if (value instanceof ObjectNode fields) {
                merge(
                    into.get(name) instanceof ObjectNode known ? known : into.putObject(name),
                    fields);
              } else {
                into.set(name, value);
              }
            });
  }
}
