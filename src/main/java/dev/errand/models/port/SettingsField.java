package dev.errand.models.port;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A setting of a runner that has a field of its own in forms; the others are JSON there.
 *
 * @param name the name in requests; with its path where it is inside an object, as in {@code
 *     thinking.type}
 * @param help what it does, in a few words
 * @param values values of a text to choose from; it may have others
 */
public record SettingsField(String name, Kind kind, String help, List<String> values) {

  /** The field {@code stream}, which all runners have. */
  public static final SettingsField STREAM =
      flag("stream", "Whether watchers see an answer while it is written.");

  /** The JSON that a field has. */
  public enum Kind {
    TEXT,
    WHOLE,
    NUMBER,
    FLAG;

    public boolean fits(JsonNode value) {
      return switch (this) {
        case TEXT -> value.isTextual();
        case WHOLE -> value.isIntegralNumber() && value.canConvertToInt();
        case NUMBER -> value.isNumber();
        case FLAG -> value.isBoolean();
      };
    }

    /** What a value must be, for messages. */
    public String rule() {
      return switch (this) {
        case TEXT -> "must be a text";
        case WHOLE -> "must be a whole number, at most " + Integer.MAX_VALUE;
        case NUMBER -> "must be a number such as 0.5";
        case FLAG -> "must be true or false";
      };
    }
  }

  public static SettingsField text(String name, String help, String... values) {
    return new SettingsField(name, Kind.TEXT, help, List.of(values));
  }

  /** A whole number. */
  public static SettingsField whole(String name, String help) {
    return new SettingsField(name, Kind.WHOLE, help, List.of());
  }

  public static SettingsField number(String name, String help) {
    return new SettingsField(name, Kind.NUMBER, help, List.of());
  }

  /** True or false. */
  public static SettingsField flag(String name, String help) {
    return new SettingsField(name, Kind.FLAG, help, List.of());
  }

  /** Where its value is in settings. */
  public JsonPointer pointer() {
    return JsonPointer.compile("/" + name.replace('.', '/'));
  }
}
