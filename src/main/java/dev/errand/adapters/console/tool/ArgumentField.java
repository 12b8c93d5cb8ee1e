package dev.errand.adapters.console.tool;

import java.util.List;

/**
 * A field for one argument of a tool.
 *
 * @param description its description; empty for none
 * @param kind the kind of its value
 * @param isWhole whether a number must be a whole one
 * @param value its present value; empty for none
 * @param required whether it must be given
 * @param choices the values to choose from; empty where it may be any
 */
public record ArgumentField(
    String name,
    String description,
    Kind kind,
    boolean isWhole,
    String value,
    boolean required,
    List<Choice> choices) {

  /** The kind of value of a field. */
  public enum Kind {
    /** A text. */
    TEXT,
    /** A number. */
    NUMBER,
    /** One of some values, each as JSON. */
    CHOICE,
    /** Any JSON. */
    JSON
  }

  /**
   * A value to choose.
   *
   * @param value the value as JSON
   */
  public record Choice(String value, String text) {}

  /** Whether its value is a text. */
  public boolean isText() {
    return kind == Kind.TEXT;
  }

  /** Whether its value is a number. */
  public boolean isNumber() {
    return kind == Kind.NUMBER;
  }

  /** Whether one of some values is chosen. */
  public boolean isChoice() {
    return kind == Kind.CHOICE;
  }

  /** The same field with another value. */
  ArgumentField with(String other) {
    return new ArgumentField(name, description, kind, isWhole, other, required, choices);
  }
}
