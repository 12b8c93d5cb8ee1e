package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.task.Callback;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A callback in the form of a task.
 *
 * @param number which of the form's callbacks it is, from 0
 * @param url the receiver's address; empty for none
 * @param events the events that it receives
 * @param include the parts of the run that they contain
 */
public record CallbackFields(int number, String url, List<Choice> events, List<Choice> include) {
  private static final String PREFIX = "callback.";
  private static final List<String> EVENTS = EventKind.codes(EventKind.OF_CALLBACKS);

  /** Adds the callbacks of a task to the fields of its form. */
  static void fill(Map<String, @Nullable String> fields, List<Callback> callbacks) {
    for (int number = 0; number < callbacks.size(); number++) {
      Callback callback = callbacks.get(number);
      String prefix = PREFIX + number + ".";
      fields.put(prefix + "url", callback.url());
      Stream.concat(callback.events().stream(), callback.include().stream())
          .forEach(value -> fields.put(prefix + value, "true"));
    }
  }

  /** The callbacks as they were sent, and an empty one as long as there may be more. */
  static List<CallbackFields> of(SentForm sent) {
    List<CallbackFields> fields = new ArrayList<>();
    for (int number = 0; number < Callback.MOST; number++) {
      String url = sent.line(PREFIX + number + ".url");
      if (!url.isEmpty()) {
        fields.add(
            of(
                fields.size(),
                url,
                chosen(sent, number, EVENTS),
                chosen(sent, number, Callback.PARTS)));
      }
    }
    if (fields.size() < Callback.MOST) {
      fields.add(of(fields.size(), "", EventKind.codes(EventKind.USUAL_OF_CALLBACKS), List.of()));
    }
    return fields;
  }

  /**
   * Puts the callbacks that were sent into a request; a form without fields for them leaves them
   * unchanged.
   *
   * @param known the callbacks of the present task; empty for a new one
   */
  static void put(ObjectNode settings, SentForm sent, List<Callback> known) {
    if (!sent.has(PREFIX + "0.url")) {
      return;
    }
    ArrayNode callbacks = settings.putArray("callbacks");
    for (int number = 0; number < Callback.MOST; number++) {
      String url = sent.line(PREFIX + number + ".url");
      if (!url.isEmpty()) {
        ObjectNode callback = callbacks.addObject().put("url", url);
        chosen(sent, number, EVENTS).forEach(callback.putArray("events")::add);
        chosen(sent, number, Callback.PARTS).forEach(callback.putArray("include")::add);
        // What another version stored has no field.
        known.stream()
            .filter(stored -> stored.url().equals(url))
            .forEach(stored -> callback.setAll(stored.others()));
      }
    }
  }

  private static List<String> chosen(SentForm sent, int number, List<String> all) {
    return all.stream().filter(value -> sent.has(PREFIX + number + "." + value)).toList();
  }

  private static CallbackFields of(
      int number, String url, List<String> events, List<String> include) {
    return new CallbackFields(
        number,
        url,
        EventKind.OF_CALLBACKS.stream()
            .map(kind -> choice(kind.code(), kind.words(), events))
            .toList(),
        Callback.PARTS.stream().map(part -> choice(part, "its " + part, include)).toList());
  }

  private static Choice choice(String value, String text, List<String> chosen) {
    return new Choice(value, text, chosen.contains(value));
  }
}
