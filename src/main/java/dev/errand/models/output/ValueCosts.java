package dev.errand.models.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * What it takes to go through values, to hash and to compare them, in steps. The whole of a list or
 * an object is looked through once in a check.
 */
final class ValueCosts {
  private static final int CHARACTERS_IN_A_PART = 64;
  private static final int PARTS_IN_A_STEP = 4;

  private final LongConsumer take;
  private final IdentityHashMap<JsonNode, Long> sizes = new IdentityHashMap<>();
  private final IdentityHashMap<JsonNode, Long> uniqueness = new IdentityHashMap<>();

  ValueCosts(LongConsumer take) {
    this.take = take;
  }

  /** Forgets values, since another check is about others. */
  void forget() {
    sizes.clear();
    uniqueness.clear();
  }

  void take(long steps) {
    take.accept(steps);
  }

  /** Takes the steps of going through that many parts. */
  void takeParts(long parts) {
    take.accept(parts / PARTS_IN_A_STEP);
  }

  /** How many items or fields a value has itself, or pieces of its text or number. */
  static long width(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY, OBJECT -> value.size();
      case STRING -> value.textValue().length() / CHARACTERS_IN_A_PART;
      case NUMBER -> digits(value) / CHARACTERS_IN_A_PART;
      case BINARY, BOOLEAN, MISSING, NULL, POJO -> 0;
    };
  }

  // Of one that is written out.
  private static long digits(JsonNode number) {
    return number.isBigDecimal() || number.isBigInteger()
        ? number.decimalValue().precision() + (long) Math.abs(number.decimalValue().scale())
        : 1;
  }

  /** How many parts the whole of a value has: values, names, and pieces of texts and numbers. */
  long size(JsonNode value) {
    if (!value.isContainerNode()) {
      return 1 + width(value);
    }
    Long known = sizes.get(value);
    if (known != null) {
      return known;
    }
    takeParts(value.size());
    long size = sizeOf(value, this::size);
    sizes.put(value, size);
    return size;
  }

  /** The same of a value in a schema, which is looked through once for all checks. */
  static long sizeOfKeyword(JsonNode value) {
    return value.isContainerNode() ? sizeOf(value, ValueCosts::sizeOfKeyword) : 1 + width(value);
  }

  private static long sizeOf(JsonNode container, ToLongFunction<JsonNode> size) {
    long sum = 1;
    for (String name : (Iterable<String>) container::fieldNames) {
      sum += 1 + name.length() / CHARACTERS_IN_A_PART;
    }
    for (JsonNode each : container) {
      sum += size.applyAsLong(each);
    }
    return sum;
  }

  /**
   * Takes the steps of comparing the items of a list, as the validator does to find those that are
   * there twice: each with the ones that have its hash, of which an answer may have any number.
   */
  void takeUniqueness(JsonNode value) {
    if (!value.isArray()) {
      return;
    }
    Long known = uniqueness.get(value);
    if (known != null) {
      take(known);
      return;
    }
    Map<Integer, List<JsonNode>> kept = new HashMap<>();
    long sum = 0;
    for (JsonNode item : value) {
      long ofItem = 1 + size(item) / PARTS_IN_A_STEP;
      take(ofItem);
      List<JsonNode> alike = kept.computeIfAbsent(item.hashCode(), _ -> new ArrayList<>(1));
      take(alike.size() * ofItem);
      sum += ofItem * (1 + alike.size());
      if (!alike.contains(item)) {
        alike.add(item);
      }
    }
    uniqueness.put(value, sum);
  }
}
