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
 * What it takes to hash and to compare values, in steps. Each list or object is looked through once
 * in a check.
 */
final class ValueCosts {
  private static final int CHARACTERS_IN_A_PART = 64;
  static final int PARTS_IN_A_STEP = 4;

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

  /** How many parts a value has: values, names, and pieces of long texts and numbers. */
  long size(JsonNode value) {
    if (!value.isContainerNode()) {
      return sizeOfScalar(value);
    }
    Long known = sizes.get(value);
    if (known != null) {
      return known;
    }
    long size = sizeOf(value, this::size);
    takeParts(value.size());
    sizes.put(value, size);
    return size;
  }

  /** The parts of a value of a schema, which are counted once for all checks. */
  static long sizeOfKeyword(JsonNode value) {
    return value.isContainerNode() ? sizeOf(value, ValueCosts::sizeOfKeyword) : sizeOfScalar(value);
  }

  private static long sizeOf(JsonNode container, ToLongFunction<JsonNode> size) {
    long sum = 1;
    if (container.isObject()) {
      for (Map.Entry<String, JsonNode> field : container.properties()) {
        sum += 1 + field.getKey().length() / CHARACTERS_IN_A_PART;
        sum += size.applyAsLong(field.getValue());
      }
    } else {
      for (JsonNode item : container) {
        sum += size.applyAsLong(item);
      }
    }
    return sum;
  }

  private static long sizeOfScalar(JsonNode value) {
    return 1
        + switch (value.getNodeType()) {
          case STRING -> value.textValue().length() / CHARACTERS_IN_A_PART;
          case NUMBER -> digits(value) / CHARACTERS_IN_A_PART;
          default -> 0;
        };
  }

  /** How many digits a number has when it is written out. */
  static long digits(JsonNode number) {
    return number.isBigDecimal() || number.isBigInteger()
        ? number.decimalValue().precision() + (long) Math.abs(number.decimalValue().scale())
        : 1;
  }

  /**
   * Takes the steps of comparing the items of a list, as the validator does to find those that are
   * there twice: each with the ones that have its hash, of which an answer may have any number.
   */
  void takeUniqueness(JsonNode list) {
    Long known = uniqueness.get(list);
    if (known != null) {
      take.accept(known);
      return;
    }
    Map<Integer, List<JsonNode>> kept = new HashMap<>();
    long sum = 0;
    for (JsonNode item : list) {
      long ofItem = 1 + size(item) / PARTS_IN_A_STEP;
      take.accept(ofItem);
      List<JsonNode> alike = kept.computeIfAbsent(item.hashCode(), _ -> new ArrayList<>(1));
      take.accept(alike.size() * ofItem);
      sum += ofItem * (1 + alike.size());
      if (!alike.contains(item)) {
        alike.add(item);
      }
    }
    uniqueness.put(list, sum);
  }
}
