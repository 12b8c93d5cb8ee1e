package dev.errand.base.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Durations;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A field that a record declares.
 *
 * @param name its name in JSON
 * @param codes the values of it or of its items; empty for any
 * @param pattern what it or its items match; null for anything
 */
public record DeclaredField(
    String name,
    RecordComponent component,
    Field words,
    List<String> codes,
    @Nullable Pattern pattern) {

  static DeclaredField of(String name, RecordComponent component, Field words) {
    List<String> codes =
        words.codes() == void.class ? List.of(words.values()) : codes(words.codes(), words.group());
    return new DeclaredField(
        name,
        component,
        words,
        codes,
        words.pattern().isEmpty() ? null : Pattern.compile(words.pattern()));
  }

  /**
   * The codes of an enum; its names in lower case if it is not {@link Coded}.
   *
   * @param group the group of codes; empty for all
   */
  static List<String> codes(Class<?> type, String group) {
    return Stream.of(type.getEnumConstants())
        .filter(each -> group.isEmpty() || ((Coded) each).isIn(group))
        .map(each -> each instanceof Coded coded ? coded.code() : Coded.codeOf((Enum<?>) each))
        .toList();
  }

  Class<?> type() {
    return component.getType();
  }

  /** The record that declares the fields within it. */
  Class<?> whole() {
    return words.parts() == void.class ? type() : words.parts();
  }

  public boolean isList() {
    return Collection.class.isAssignableFrom(type());
  }

  public boolean isNumber() {
    return isWhole() || type() == Double.class;
  }

  public boolean isWhole() {
    return type() == Integer.class
        || type() == int.class
        || type() == Long.class
        || type() == long.class;
  }

  public boolean isFlag() {
    return type() == Boolean.class || type() == boolean.class;
  }

  public boolean isDuration() {
    return words.durations().length == 2;
  }

  public boolean isTime() {
    return words.input() == Input.TIME;
  }

  /** What forms call it. */
  public String label() {
    return words.label().isEmpty()
        ? name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1).replace('_', ' ')
        : words.label();
  }

  /** What its input shows while it is empty: the default, if it declares nothing else. */
  public String placeholder() {
    if (!words.placeholder().isEmpty() || words.defaultValue().length == 0 || isList()) {
      return words.placeholder();
    }
    String value = words.defaultValue()[0];
    return isDuration() ? Durations.words(Duration.parse(value)) : value;
  }

  /** The values to choose from, each with its words; empty for anything. */
  public Map<String, String> choices() {
    Map<String, String> choices = new LinkedHashMap<>();
    codes.forEach(code -> choices.put(code, code));
    if (words.codes() != void.class) {
      for (Object constant : words.codes().getEnumConstants()) {
        choices.replace(((Coded) constant).code(), ((Coded) constant).words());
      }
    }
    return choices;
  }

  /**
   * Checks a value.
   *
   * @param wrong is told of what is wrong
   */
  void check(@Nullable Object value, InvalidFields wrong) {
    if (isMissing(value)) {
      if (words.required()) {
        wrong.add(ApiException.invalid(name, missing()));
      } else if (value instanceof Collection<?> && words.least() > 0) {
        wrong.add(ApiException.invalid(name, size("entries") + ", or be left out"));
      } else if (value instanceof String text && (!codes.isEmpty() || isDuration())) {
        checkForm(name, text, wrong);
      }
      return;
    }
    switch (value) {
      case Collection<?> items -> checkItems(items, wrong);
      case String text -> checkText(name, text, wrong);
      case Integer number -> checkNumber(number, wrong);
      case Long number -> checkNumber(number, wrong);
      case Double number -> checkNumber(number, wrong);
      case Record record -> DeclaredFields.check(name, record, wrong);
      case ObjectNode object when words.parts() != void.class ->
          DeclaredFields.check(name, object, words.parts(), wrong);
      case null, default -> {}
    }
  }

  /** An empty text is a value where the field has codes or a form, unless it must be given. */
  private boolean isMissing(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case String text ->
          text.isEmpty() && (words.required() || (codes.isEmpty() && pattern == null));
      case Collection<?> items -> items.isEmpty();
      case JsonNode node -> node.isNull();
      default -> false;
    };
  }

  private String missing() {
    if (!codes.isEmpty()) {
      return isList() ? "are required: some of " + known() : refusal();
    }
    String what = words.value();
    return what.isEmpty()
        ? "is required"
        : "is required: " + what.substring(0, 1).toLowerCase(Locale.ROOT) + what.substring(1);
  }

  private String known() {
    return String.join(", ", codes);
  }

  private void checkItems(Collection<?> items, InvalidFields wrong) {
    if (items.size() < words.least() || items.size() > words.most()) {
      wrong.add(ApiException.invalid(name, size("entries")));
      return;
    }
    int i = 0;
    for (Object item : items) {
      String path = name + "[" + i++ + "]";
      if (wrong.isFull()) {
        return;
      }
      if (item == null) {
        wrong.add(ApiException.invalid(path, refusal()));
      } else if (item instanceof String text) {
        checkForm(path, text, wrong);
      } else if (item instanceof Record record) {
        DeclaredFields.check(path, record, wrong);
      }
    }
  }

  private void checkText(String path, String text, InvalidFields wrong) {
    int length = text.codePointCount(0, text.length());
    if (length < words.least() || length > words.most()) {
      wrong.add(ApiException.invalid(path, size("characters")));
    } else {
      checkForm(path, text, wrong);
    }
  }

  private void checkForm(String path, String text, InvalidFields wrong) {
    if ((!codes.isEmpty() && !codes.contains(text))
        || (pattern != null && !pattern.matcher(text).matches())) {
      wrong.add(ApiException.invalid(path, refusal()));
    } else if (isDuration()) {
      wrong.add(
          () ->
              Durations.parseSeconds(
                  path,
                  text,
                  Duration.parse(words.durations()[0]),
                  Duration.parse(words.durations()[1])));
    }
  }

  private String refusal() {
    if (!words.refusal().isEmpty()) {
      return words.refusal();
    }
    return codes.isEmpty() ? "is not valid" : "must be one of " + known();
  }

  private void checkNumber(double number, InvalidFields wrong) {
    if (!(number >= words.least() && number <= words.most())) {
      wrong.add(
          ApiException.invalid(
              name,
              words.most() == Long.MAX_VALUE
                  ? "must be " + words.least() + " or more"
                  : "must be between " + words.least() + " and " + words.most()));
    }
  }

  private String size(String units) {
    return words.least() > 0
        ? "must have %s to %s %s".formatted(words.least(), words.most(), units)
        : "must have at most %s %s".formatted(words.most(), units);
  }
}
