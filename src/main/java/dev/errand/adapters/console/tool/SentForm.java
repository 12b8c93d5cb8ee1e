package dev.errand.adapters.console.tool;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the fields of a submitted form. */
record SentForm(MultivaluedMap<String, String> fields) {

  /** A field, without space around it; empty where it was not sent. */
  String text(String name) {
    return value(name).strip();
  }

  /** A field as it is; empty where it was not sent. */
  String value(String name) {
    String text = fields.getFirst(name);
    // Browsers send the ends of lines as CR LF.
    return text == null ? "" : text.replace("\r\n", "\n");
  }

  /** Whether a box is ticked. */
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** The fields whose names end with a number, from 1 on. */
  List<String> numbered(String name, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> text(name + i)).toList();
  }

  /** The items of a field, separated by line breaks or commas. */
  List<String> items(String name) {
    return Stream.of(value(name).split("[\\s,]+")).filter(item -> !item.isEmpty()).toList();
  }
}
