package dev.errand.runs.prompt;

import dev.errand.runs.prompt.TemplatePart.Section;
import dev.errand.runs.prompt.TemplatePart.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes the lines on which a tag of a section, a remark or a change of the delimiters stands
 * alone, as Mustache says: they leave no blank lines.
 */
final class BlankLines {
  private static final int NONE = -1;

  private BlankLines() {}

  /**
   * Removes the lines from the texts of one section, or of a whole template.
   *
   * @param whole whether they are the whole template, which lines begin and end
   */
  static void trim(List<TemplatePart> parts, boolean whole) {
    for (int i = 0; i < parts.size(); i++) {
      boolean blankBefore = i == 0 ? whole : endsBlank(text(parts, i - 1));
      boolean blankAfter = i == parts.size() - 1 ? whole : startsBlank(text(parts, i + 1));
      switch (parts.get(i)) {
        case Section(var _, var _, List<TemplatePart> inner) -> {
          if (blankBefore && startsBlank(text(inner, 0))) {
            trimEnd(parts, i - 1);
            trimStart(inner, 0);
          }
          if (blankAfter && endsBlank(text(inner, inner.size() - 1))) {
            trimEnd(inner, inner.size() - 1);
            trimStart(parts, i + 1);
          }
        }
        case TemplatePart.Silent() -> {
          if (blankBefore && blankAfter) {
            trimEnd(parts, i - 1);
            trimStart(parts, i + 1);
          }
        }
        case Text _, TemplatePart.Variable _ -> {}
      }
    }
  }

  private static @Nullable Text text(List<TemplatePart> parts, int index) {
    return index >= 0 && index < parts.size() && parts.get(index) instanceof Text text
        ? text
        : null;
  }

  private static boolean startsBlank(@Nullable Text text) {
    return text != null && endOfBlankStart(text.text()) != NONE;
  }

  private static boolean endsBlank(@Nullable Text text) {
    return text != null && startOfBlankEnd(text) != NONE;
  }

  private static void trimStart(List<TemplatePart> parts, int index) {
    Text text = text(parts, index);
    if (text != null) {
      parts.set(index, new Text(text.text().substring(endOfBlankStart(text.text())), true));
    }
  }

  private static void trimEnd(List<TemplatePart> parts, int index) {
    Text text = text(parts, index);
    if (text != null) {
      parts.set(
          index, new Text(text.text().substring(0, startOfBlankEnd(text)), text.startsLine()));
    }
  }

  /** Where the first line ends, if it is blank. */
  private static int endOfBlankStart(String text) {
    for (int i = 0; i < text.length() && Character.isWhitespace(text.charAt(i)); i++) {
      if (text.charAt(i) == '\n') {
        return i + 1;
      }
    }
    return NONE;
  }

  /** Where the last line starts, if it is blank. */
  private static int startOfBlankEnd(Text text) {
    for (int i = text.text().length() - 1; i >= 0; i--) {
      if (text.text().charAt(i) == '\n') {
        return i + 1;
      }
      if (!Character.isWhitespace(text.text().charAt(i))) {
        return NONE;
      }
    }
    return text.startsLine() ? 0 : NONE;
  }
}
