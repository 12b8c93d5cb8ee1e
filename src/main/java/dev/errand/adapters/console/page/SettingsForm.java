package dev.errand.adapters.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.DeclaredField;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.Durations;
import dev.errand.base.json.Json;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form that creates or changes a named thing, whose inputs follow from the fields that its
 * requests declare.
 *
 * @param type the record of requests
 * @param shown the names of the fields that the form has
 * @param known the thing, or its settings, as the API answers it; null for a new one
 * @param thing the name of the thing; null for a new one
 * @param sent the fields, as they were sent or as the unchanged form sends them
 * @param message why it was refused; null where it was not
 */
public record SettingsForm<T extends Record>(
    Class<T> type,
    List<String> shown,
    @Nullable ObjectNode known,
    @Nullable String thing,
    SentForm sent,
    @Nullable String message) {

  private static final String ZONE = "timezone";

  /** The form of a new thing, filled with a few values. */
  public static <T extends Record> SettingsForm<T> empty(
      Class<T> type, List<String> shown, Map<String, String> values) {
    return new SettingsForm<>(type, shown, null, null, SentForm.of(values), null);
  }

  /**
   * The form of a thing as it is.
   *
   * @param known the thing, or its settings, as the API answers it
   */
  public static <T extends Record> SettingsForm<T> of(
      Class<T> type, List<String> shown, Record known, String thing, Json json) {
    ObjectNode tree = (ObjectNode) json.toTree(known);
    Map<String, String> values = new HashMap<>();
    for (String name : shown) {
      DeclaredField declared = field(type, name);
      if (isBoxes(declared)) {
        tree.path(name).forEach(code -> values.put(box(name, code.asText()), "true"));
      } else {
        values.put(name, text(declared, tree));
      }
    }
    return new SettingsForm<>(type, shown, tree, thing, SentForm.of(values), null);
  }

  // What an input is filled with, of which a request may be written otherwise.
  private static String text(DeclaredField declared, ObjectNode known) {
    JsonNode value = known.path(declared.name());
    if (value.isArray()) {
      StringBuilder lines = new StringBuilder();
      value.forEach(item -> lines.append(lines.isEmpty() ? "" : "\n").append(item.asText()));
      return lines.toString();
    }
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    if (declared.isDuration()) {
      return Durations.typed(Durations.parse(declared.name(), value.asText()));
    }
    if (declared.isTime()) {
      ZoneId zone = ZoneId.of(known.path(ZONE).asText("UTC"));
      return LocalDateTime.ofInstant(Instant.parse(value.asText()), zone).toString();
    }
    if (declared.isNumber() && !declared.isWhole()) {
      return value.decimalValue().stripTrailingZeros().toPlainString();
    }
    return value.asText();
  }

  private static boolean isBoxes(DeclaredField declared) {
    return declared.isList() && !declared.codes().isEmpty();
  }

  private static String box(String field, String code) {
    return field + "." + code;
  }

  /** The same as it was sent. */
  public SettingsForm<T> sent(SentForm fields) {
    return new SettingsForm<>(type, shown, known, thing, fields, null);
  }

  /** The same with what is wrong with it. */
  public SettingsForm<T> refused(ApiException why) {
    return new SettingsForm<>(
        type,
        shown,
        known,
        thing,
        sent,
        Refusal.withSecrets(Refusal.of(why, DeclaredFields.of(type)), sent));
  }

  /** Whether it creates a thing. */
  public boolean isNew() {
    return thing == null;
  }

  /** The name of the thing; of a new one, as far as it has been entered. */
  public String name() {
    return thing == null ? sent.line("name") : thing;
  }

  /** A field, whose values have words of their own if they are to be chosen from. */
  public FormField field(String name) {
    return field(name, field(type, name).choices());
  }

  /**
   * A field to choose from what the profile has.
   *
   * @param choices the values, each with its words
   */
  public FormField field(String name, Map<String, String> choices) {
    DeclaredField declared = field(type, name);
    return new FormField(
        name,
        declared,
        sent.text(name),
        choices.entrySet().stream()
            .map(choice -> choice(declared, choice.getKey(), choice.getValue()))
            .toList());
  }

  private Choice choice(DeclaredField of, String value, String words) {
    return new Choice(
        value,
        words,
        of.isList() ? sent.has(box(of.name(), value)) : value.equals(sent.line(of.name())));
  }

  private static DeclaredField field(Class<?> type, String name) {
    return DeclaredFields.of(type).find(name).orElseThrow();
  }

  /**
   * The settings in the form; what it does not show is as it was.
   *
   * @throws ApiException that names the fields which are wrong
   */
  public T settings(Json json) {
    return json.request(request(json), type);
  }

  /**
   * The same as the JSON of a request. What the form does not show, and what nobody changed in it,
   * is exactly as it was.
   *
   * @throws ApiException where a number is none
   */
  public ObjectNode request(Json json) {
    ObjectNode request = known == null ? json.object() : known.deepCopy();
    for (String name : shown) {
      DeclaredField declared = field(type, name);
      if (isBoxes(declared) || (sent.has(name) && !isUnchanged(declared))) {
        Object value = value(declared);
        if (value == null) {
          request.remove(name);
        } else {
          request.set(name, json.toTree(value));
        }
      }
    }
    return request;
  }

  private boolean isUnchanged(DeclaredField declared) {
    return known != null
        && sent.text(declared.name()).equals(text(declared, known))
        && (!declared.isTime() || sent.line(ZONE).equals(known.path(ZONE).asText()));
  }

  private @Nullable Object value(DeclaredField declared) {
    String name = declared.name();
    if (declared.isList()) {
      List<String> items =
          isBoxes(declared)
              ? declared.codes().stream().filter(code -> sent.has(box(name, code))).toList()
              : sent.items(name);
      return items.isEmpty() ? null : items;
    }
    if (declared.isNumber()) {
      return number(declared);
    }
    String text = sent.text(name);
    if (declared.isTime() && !sent.has(ZONE)) {
      return Texts.givenOrNull(Texts.utc(text));
    }
    return declared.codes().isEmpty() ? Texts.givenOrNull(text) : text;
  }

  private @Nullable Number number(DeclaredField declared) {
    String name = declared.name();
    if (!declared.isWhole()) {
      return sent.decimal(name, name);
    }
    if (declared.words().most() > Integer.MAX_VALUE) {
      return sent.longNumber(name, name);
    }
    return sent.integer(name, name);
  }

  @Override
  public String toString() {
    return "SettingsForm" + sent;
  }
}
