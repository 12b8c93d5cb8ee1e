package dev.errand.adapters.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.DeclaredField;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form that creates or changes a named thing, whose inputs follow from the fields that its
 * settings declare.
 *
 * @param type the record with the settings
 * @param shown the names of the fields that the form has
 * @param known the settings as they are; null for a new thing
 * @param thing the name of the thing; null for a new one
 * @param sent the fields, as they were sent or as the unchanged form sends them
 * @param message why it was refused; null where it was not
 */
public record SettingsForm<T extends Record>(
    Class<T> type,
    List<String> shown,
    @Nullable T known,
    @Nullable String thing,
    SentForm sent,
    @Nullable String message) {

  /** The form of a new thing, filled with a few values. */
  public static <T extends Record> SettingsForm<T> empty(
      Class<T> type, List<String> shown, Map<String, String> values) {
    return new SettingsForm<>(type, shown, null, null, SentForm.of(values), null);
  }

  /** The form of a thing as it is. */
  public static <T extends Record> SettingsForm<T> of(
      Class<T> type, List<String> shown, T known, String thing, Json json) {
    Map<String, String> values = new HashMap<>();
    JsonNode tree = json.toTree(known);
    for (String name : shown) {
      JsonNode value = tree.path(name);
      if (field(type, name).codes().isEmpty() || !value.isArray()) {
        values.put(name, text(value));
      } else {
        value.forEach(code -> values.put(box(name, code.asText()), "true"));
      }
    }
    return new SettingsForm<>(type, shown, known, thing, SentForm.of(values), null);
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      StringBuilder lines = new StringBuilder();
      value.forEach(item -> lines.append(lines.isEmpty() ? "" : "\n").append(item.asText()));
      return lines.toString();
    }
    return value.isNull() ? "" : value.asText();
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
        type, shown, known, thing, sent, Refusal.of(why, DeclaredFields.of(type)));
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
    ObjectNode tree = known == null ? json.object() : (ObjectNode) json.toTree(known);
    for (String name : shown) {
      DeclaredField declared = field(type, name);
      if (declared.isList()) {
        List<String> items =
            declared.codes().isEmpty()
                ? sent.items(name)
                : declared.codes().stream().filter(code -> sent.has(box(name, code))).toList();
        tree.remove(name);
        if (!items.isEmpty()) {
          tree.set(name, json.toTree(items));
        }
      } else if (declared.isNumber()) {
        tree.put(name, sent.integer(name, name));
      } else {
        tree.put(name, sent.line(name));
      }
    }
    return json.request(tree, type);
  }
}
