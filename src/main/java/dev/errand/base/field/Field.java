package dev.errand.base.field;

import dev.errand.base.json.Coded;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a field of a record that requests or answers have. The record itself says its name in
 * JSON (that of the component, in snake case), its type, and by {@code @Nullable} whether null is a
 * value; this says the rest. The check, the API's schema, the labels of refusals and the input of
 * forms follow from both. Several records share a field by an interface that declares it at its
 * accessor: a component without words of its own has those.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.METHOD})
public @interface Field {
  /** What it is, in the API's document, in CommonMark; empty where the name says it. */
  String value() default "";

  /**
   * What forms and their refusals call it, but that these leave out what follows a comma or is in
   * brackets; empty for the name.
   */
  String label() default "";

  /** What stands below its input in forms; code has backticks around it. */
  String note() default "";

  /** What it is entered into in forms. */
  Input input() default Input.LINE;

  /** What its input shows while it is empty. */
  String placeholder() default "";

  /** Whether a request must have it. */
  boolean required() default false;

  /** The least number, characters of a text, or items of a list. */
  long least() default Long.MIN_VALUE;

  /** The greatest number, characters of a text, or items of a list. */
  long most() default Long.MAX_VALUE;

  /** The shortest and the longest duration, such as {@code {"PT1S", "P366D"}}. */
  String[] durations() default {};

  /** The regular expression that a text, or each item of a list, matches. */
  String pattern() default "";

  /**
   * The enum with the codes of a text, or of each item of a list: its names in lower case if it is
   * not {@link Coded}.
   */
  Class<?> codes() default void.class;

  /** The group of these codes that it can be, as {@link Coded#isIn} has them; empty for all. */
  String group() default "";

  /** The values of a text, or of each item of a list, where no enum has them. */
  String[] values() default {};

  /** Values that its input offers, where it may have others. */
  String[] suggestions() default {};

  /** What is wrong with a text or an item that does not match, after the name of the field. */
  String refusal() default "";

  /**
   * The value of a request that leaves it out, or the items of a list; a number or a flag is as in
   * JSON. The words of the schema have it, and an empty input that shows nothing else. Empty where
   * there is none, or where it depends on something, such as the settings of the service.
   */
  String[] defaultValue() default {};

  /**
   * Whether only the owner's requests have it: it is stored sealed and never shown, logged, or
   * written into a form.
   */
  boolean secret() default false;

  /** Whether null in a merge patch resets it. */
  boolean resettable() default true;

  /** Values of it, for the schema. */
  String[] examples() default {};

  /** The format in the schema, such as {@code uri}. */
  String format() default "";

  /** The schema of the API's document that its type is, or that of its items. */
  String schema() default "";

  /**
   * The record that declares the texts which are known of an object, where the object is kept as
   * the JSON that was sent.
   */
  Class<?> parts() default void.class;

  /** Whether a type that is no {@link java.util.List} is a list of that schema in JSON. */
  boolean list() default false;
}
