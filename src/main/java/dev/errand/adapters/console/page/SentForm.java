package dev.errand.adapters.console.page;

import dev.errand.base.error.ApiException;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of a form: those that were sent, or those with which it is shown first. */
public final class SentForm {
  private static final int ADDED = 2;
  private static final int DIGITS = 10;
  private static final int MOST_DIGITS = 18;

  // The fields of passwords in the forms of profiles, whose values are never sent back.
  private static final Pattern SECRETS =
      Pattern.compile("key|token|secret|second_secret|client_secret|[sh]\\..+|value[0-9]+");

  private final MultivaluedMap<String, String> fields;

  SentForm(MultivaluedMap<String, String> fields) {
    this.fields = fields;
  }

  /** The form with these fields, of which those that are null are empty. */
  public static SentForm of(Map<String, ? extends @Nullable String> fields) {
    return new SentForm(new MultivaluedHashMap<>(fields));
  }

  /** The form with another value of a field. */
  public SentForm with(String name, String value) {
    MultivaluedMap<String, String> changed = new MultivaluedHashMap<>(fields);
    changed.putSingle(name, value);
    return new SentForm(changed);
  }

  /** A field of one line, without space around it; empty where it was not sent. */
  public String line(String name) {
    return Texts.given(fields.getFirst(name));
  }

  /** A field of several lines, without space around it; empty where it was not sent. */
  public String text(String name) {
    return value(name).strip();
  }

  /** A field of several lines with the space around it; empty where it was not sent. */
  public String value(String name) {
    String text = fields.getFirst(name);
    // Browsers send the ends of lines as CR LF.
    return text == null ? "" : text.replace("\r\n", "\n");
  }

  /**
   * A field with a whole number; null where it is empty.
   *
   * @param path what the request calls the field
   * @throws ApiException where it is none
   */
  public @Nullable Long number(String name, String path) {
    return number(name, path, DIGITS);
  }

  /** The same for a field whose request may have more than 10 digits. */
  public @Nullable Long longNumber(String name, String path) {
    return number(name, path, MOST_DIGITS);
  }

  private @Nullable Long number(String name, String path, int digits) {
    String text = line(name);
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("[0-9]{1," + digits + "}")) {
      throw ApiException.invalid(
          path, "must be a whole number of " + digits + " digits at the most");
    }
    return Long.valueOf(text);
  }

  /**
   * A field with a number that need not be whole; null where it is empty.
   *
   * @param path what the request calls the field
   * @throws ApiException where it is none
   */
  public @Nullable BigDecimal decimal(String name, String path) {
    String text = line(name);
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("-?([0-9]{1,10}(\\.[0-9]{0,12})?|\\.[0-9]{1,12})")) {
      throw ApiException.invalid(path, "must be a number such as 12.5");
    }
    return new BigDecimal(text);
  }

  /** The same for a field whose request has smaller bounds, and refuses what exceeds them. */
  public @Nullable Integer integer(String name, String path) {
    Long number = number(name, path);
    return number == null ? null : (int) Math.min(number, Integer.MAX_VALUE);
  }

  /** All values of a field. */
  public List<String> all(String name) {
    return fields.getOrDefault(name, List.of());
  }

  /** The first value of each field, exactly as it was sent. */
  public Map<String, String> first() {
    Map<String, String> first = new LinkedHashMap<>();
    fields.forEach((name, values) -> first.put(name, values.getFirst()));
    return first;
  }

  /** The names of the fields, in no order. */
  public Set<String> names() {
    return fields.keySet();
  }

  /** Whether a field was sent, as that of a box is if it is ticked. */
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /** Whether it has a key or another secret, which a page that shows it again leaves out. */
  boolean hasSecret() {
    return fields.keySet().stream()
        .anyMatch(name -> SECRETS.matcher(name).matches() && !value(name).isBlank());
  }

  /** The names that are to be added, from the fields that end with a number. */
  public List<String> added(String name) {
    return IntStream.rangeClosed(1, ADDED).mapToObj(i -> text(name + i)).toList();
  }

  /** The items of a field, separated by line breaks or commas. */
  public List<String> items(String name) {
    return Stream.of(value(name).split("[\\s,]+")).filter(item -> !item.isEmpty()).toList();
  }

  /**
   * The changes of values that are stored sealed: an empty field keeps its value, and a ticked
   * {@code r.NAME} removes it.
   *
   * @param prefix what the name of a field has before the name of its value
   * @param known the names of the values that have a field
   * @param name the prefix of the fields with names to be added, whose values are in {@code valueN}
   * @param thing what has a name and a value, for the refusal of one without the other
   * @param read reads a field with a value: {@link #text} or {@link #value} of this form
   * @return null for values that are removed
   */
  public Map<String, @Nullable String> changes(
      String prefix, List<String> known, String name, String thing, UnaryOperator<String> read) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (String each : known) {
      String value = read.apply(prefix + each);
      if (has("r." + each)) {
        values.put(each, null);
      } else if (!value.isEmpty()) {
        values.put(each, value);
      }
    }
    for (int i = 1; i <= ADDED; i++) {
      String added = text(name + i);
      String value = read.apply("value" + i);
      if (!added.isEmpty() && !value.isEmpty()) {
        values.put(added, value);
      } else if (!added.isEmpty() || !value.isEmpty()) {
        throw ApiException.invalid(
            thing, "must have both a %s and a value: fill in both, or neither".formatted(name));
      }
    }
    return values;
  }

  /** Only the names of the fields, whose values may be secrets. */
  @Override
  public String toString() {
    return "SentForm" + fields.keySet();
  }
}
