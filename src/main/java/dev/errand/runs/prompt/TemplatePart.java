package dev.errand.runs.prompt;

import java.util.List;

sealed interface TemplatePart {
  /** A text between tags. */
  record Text(String text, boolean startsLine) implements TemplatePart {}

  /** A tag that a value replaces: {@code {{ name }}}. */
  record Variable(TemplateName name) implements TemplatePart {}

  /** A tag that leaves no text: a remark, or a change of the delimiters. */
  record Silent() implements TemplatePart {}

  /** The parts between a tag and the one that closes it. */
  record Section(Kind kind, TemplateName name, List<TemplatePart> parts) implements TemplatePart {}

  /** When the parts of a section are rendered. */
  enum Kind {
    /** For each item of a list, or once for a value that is not false: {@code {{# name }}}. */
    REPEATED,
    /** For a value that is false or empty: {@code {{^ name }}}. */
    INVERTED,
    /** Always, since no other template can replace them: {@code {{$ name }}}. */
    BLOCK
  }
}
