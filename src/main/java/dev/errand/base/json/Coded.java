package dev.errand.base.json;

import dev.errand.base.error.ApiException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An enum whose constants JSON and the database name by a code, the name in lower case. */
public interface Coded {
  /** The name of the constant; each enum has this method. */
  String name();

  /** The code in JSON and in the database, such as {@code read}. */
  default String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What pages call it. */
  default String words() {
    return code();
  }

  /**
   * Whether it belongs to a group, to which a field keeps its codes; an enum without groups has all
   * constants in each.
   */
  default boolean isIn(String group) {
    return true;
  }

  /** The name of a constant in lower case, as labels of metrics have it. */
  static String codeOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The constant that a stored code names.
   *
   * @throws IllegalArgumentException where this version has none
   */
  static <E extends Enum<E> & Coded> E of(Class<E> type, String code) {
    return find(type, code)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No " + type.getSimpleName() + " has the code " + code + "."));
  }

  /** The constant with a code, if there is one. */
  static <E extends Enum<E> & Coded> Optional<E> find(Class<E> type, @Nullable String code) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.code().equals(code))
        .findFirst();
  }

  /**
   * The constant that a field of a request names.
   *
   * @throws ApiException where it names none
   */
  static <E extends Enum<E> & Coded> E require(Class<E> type, String field, @Nullable String code) {
    return find(type, code)
        .orElseThrow(() -> ApiException.invalid(field, "must be one of " + codes(type)));
  }

  /** All codes, with commas between them. */
  static <E extends Enum<E> & Coded> String codes(Class<E> type) {
    return String.join(", ", codeList(type));
  }

  /** All codes, in the order of the constants. */
  static <E extends Enum<E> & Coded> List<String> codeList(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Coded::code).toList();
  }
}
