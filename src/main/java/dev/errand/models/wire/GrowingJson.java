package dev.errand.models.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Merges deltas of streamed JSON into objects, and measures their size. Strings are concatenated,
 * objects are merged, and so are list members with the same {@code index}. Merging a delta takes
 * time by its own size alone.
 */
public final class GrowingJson {
  // A growing text may have twice its length as capacity.
  private static final int PER_CHARACTER = 3;
  private static final int PER_NODE = 160;

  private final Set<String> whole;
  private final Set<String> repeated;
  private final IdentityHashMap<ArrayNode, Map<Integer, ObjectNode>> membersByIndex =
      new IdentityHashMap<>();
  private long length;
  private long nodes;

  /**
   * Starts with a size of zero.
   *
   * @param whole the fields whose texts come in full and replace the previous value
   * @param repeated the fields whose texts come in pieces, or in full with each delta
   */
  public GrowingJson(Set<String> whole, Set<String> repeated) {
    this.whole = Set.copyOf(whole);
    this.repeated = Set.copyOf(repeated);
  }

  /** How many characters have been merged. */
  public long length() {
    return length;
  }

  /** An upper bound of the bytes of memory that the objects take. */
  public long weight() {
    return length * PER_CHARACTER + nodes * PER_NODE;
  }

  /** Counts a node that the caller added itself. */
  public void count(JsonNode node) {
    nodes++;
    if (node.isTextual()) {
      length += node.textValue().length();
    }
    node.properties().forEach(field -> length += field.getKey().length());
    node.forEach(this::count);
  }

  public void merge(ObjectNode into, String name, JsonNode value) {
    JsonNode before = into.path(name);
    boolean isRepeated =
        repeated.contains(name) && value.isTextual() && isSame(before, value.textValue());
    if (value.isNull() || isRepeated || (value.isTextual() && value.textValue().isEmpty())) {
      if (before.isMissingNode()) {
        set(into, name, value);
      }
    } else if (value.isTextual() && isText(before) && !whole.contains(name)) {
      append(into, name, before, value.textValue());
    } else if (value instanceof ObjectNode object && before instanceof ObjectNode known) {
      merge(known, object);
    } else if (value.isArray() && before instanceof ArrayNode known) {
      value.forEach(member -> mergeMember(known, member));
    } else {
      set(into, name, value);
    }
  }

  private void merge(ObjectNode into, ObjectNode delta) {
    delta.properties().forEach(field -> merge(into, field.getKey(), field.getValue()));
  }

  private void mergeMember(ArrayNode into, JsonNode member) {
    Map<Integer, ObjectNode> known = membersByIndex.computeIfAbsent(into, GrowingJson::byIndex);
    if (member instanceof ObjectNode object && member.path("index").isInt()) {
      ObjectNode same = known.putIfAbsent(member.path("index").intValue(), object);
      if (same != null) {
        merge(same, object);
        return;
      }
    }
    count(member);
    into.add(member);
  }

  private static Map<Integer, ObjectNode> byIndex(ArrayNode members) {
    Map<Integer, ObjectNode> byIndex = new HashMap<>();
    for (JsonNode member : members) {
      if (member instanceof ObjectNode object && member.path("index").isInt()) {
        byIndex.putIfAbsent(member.path("index").intValue(), object);
      }
    }
    return byIndex;
  }

  private void set(ObjectNode into, String name, JsonNode value) {
    length += name.length();
    count(value);
    into.set(name, value);
  }

  private void append(ObjectNode into, String name, JsonNode before, String more) {
    length += more.length();
    if (before instanceof POJONode growing && growing.getPojo() instanceof StringBuilder text) {
      text.append(more);
    } else {
      StringBuilder growth = new StringBuilder(before.textValue());
      growth.append(more);
      into.putPOJO(name, growth);
    }
  }

  private static boolean isText(JsonNode node) {
    return node.isTextual() || node.isPojo();
  }

  private static boolean isSame(JsonNode before, String text) {
    return before instanceof POJONode growing
        ? growing.getPojo() instanceof StringBuilder built && text.contentEquals(built)
        : text.equals(before.textValue());
  }

  /** Converts growing texts to ordinary text nodes; call it after the last merge. */
  public static void settle(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                if (field.getValue() instanceof POJONode growing) {
                  field.setValue(TextNode.valueOf(String.valueOf(growing.getPojo())));
                } else {
                  settle(field.getValue());
                }
              });
    } else {
      node.forEach(GrowingJson::settle);
    }
  }
}
