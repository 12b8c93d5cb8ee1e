package dev.errand.base.field;

/** What the text of a {@link Field} is entered into, where a form offers no values of it. */
public enum Input {
  LINE,
  /** Several lines that are no prose. */
  CODE,
  /**
   * A time, which forms have without an offset: in the zone of the field {@code timezone}, or where
   * there is none in UTC.
   */
  TIME
}
