package dev.errand.identity.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The difference between two views of an object: for the path of each changed field, such as {@code
 * settings.max_steps}, its old and its new value. Fields with the name of a secret are left out,
 * and addresses under {@code url}, which may carry one, are cut to their host.
 */
final class AuditChanges {
  private static final int LONGEST = 1000;

  // The path of a field may be as long as a request, and there may be thousands of fields below it:
  // what is deeper than this is one value.
  private static final int LONGEST_PATH = 200;

  // Behind so many characters, further fields are only counted.
  private static final int MOST = 64 * 1024;

  // Times of creation and use are in the lines themselves.
  private static final Set<String> TIMES = Set.of("created_at", "modified_at", "last_used_at");

  private static final Set<String> SECRETS =
      Set.of(
          "key",
          "key_hint",
          "client_secret",
          "secret",
          "secrets",
          "session",
          "token",
          "password",
          "invitation_url",
          "headers");

  private final Json json;

  AuditChanges(Json json) {
    this.json = json;
  }

  /**
   * The changes.
   *
   * @param before the object as it was; null where there was none
   * @param after the object as it is; null where there is none any more
   * @param secrets the paths of secrets that were changed, whose values are left out
   */
  ObjectNode between(@Nullable Object before, @Nullable Object after, String... secrets) {
    Map<String, JsonNode> from = fields(before);
    Map<String, JsonNode> to = fields(after);
    Set<String> names = new LinkedHashSet<>(to.keySet());
    names.addAll(from.keySet());
    ObjectNode changes = json.object();
    int characters = 0;
    int others = 0;
    for (String name : names) {
      JsonNode was = from.get(name);
      JsonNode is = to.get(name);
      // As text, since a number that was read and one that was built may be of different types.
      if (!String.valueOf(was).equals(String.valueOf(is))) {
        if (characters > MOST) {
          others++;
          continue;
        }
        ObjectNode change = json.object();
        put(change, "from", was);
        put(change, "to", is);
        changes.set(name, change);
        characters += name.length() + change.toString().length();
      }
    }
    if (others > 0) {
      changes.putObject("…").put("others", others);
    }
    for (String secret : secrets) {
      changes.putObject(secret).put("changed", true);
    }
    return changes;
  }

  private Map<String, JsonNode> fields(@Nullable Object view) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    if (view != null) {
      flatten("", safe("", json.tree(json.write(view))), fields);
    }
    return fields;
  }

  private static void flatten(String path, JsonNode node, Map<String, JsonNode> into) {
    if (node instanceof ObjectNode object && path.length() <= LONGEST_PATH) {
      object
          .properties()
          .forEach(
              field ->
                  flatten(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      into));
    } else {
      into.put(path, node);
    }
  }

  /** A copy without secrets, times and nulls. */
  private JsonNode safe(String name, JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = json.object();
      object
          .properties()
          .forEach(
              field -> {
                String key = field.getKey();
                if (!field.getValue().isNull() && !TIMES.contains(key) && !SECRETS.contains(key)) {
                  copy.set(key, safe(key, field.getValue()));
                }
              });
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = json.array();
      array.forEach(item -> copy.add(safe(name, item)));
      return copy;
    }
    return name.equals("url") && node.isTextual() ? TextNode.valueOf(host(node.asText())) : node;
  }

  private static String host(String url) {
    try {
      URI uri = URI.create(url);
      return uri.getScheme() + "://" + uri.getAuthority() + "/…";
    } catch (IllegalArgumentException e) {
      return "…";
    }
  }

  private static void put(ObjectNode change, String name, @Nullable JsonNode value) {
    if (value == null) {
      return;
    }
    String text = value.isTextual() ? value.asText() : value.toString();
    if (text.length() <= LONGEST) {
      change.set(name, value);
      return;
    }
    change.put(
        name, WellFormed.excerpt(text, LONGEST) + " (of %d characters)".formatted(text.length()));
  }
}
