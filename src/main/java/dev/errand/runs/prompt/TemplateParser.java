package dev.errand.runs.prompt;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.WellFormed;
import dev.errand.runs.prompt.TemplatePart.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Mustache template. The effort grows with its length alone, and the nesting of its
 * sections is limited: what renders or walks the parts may recur.
 */
final class TemplateParser {
  private static final int MOST_SECTIONS = 500;
  private static final int LONGEST_QUOTE = 40;

  private final String field;
  private final String text;
  private final boolean plainDelimiters;
  private final Deque<Open> outer = new ArrayDeque<>();
  private List<TemplatePart> parts = new ArrayList<>();
  private String opening = "{{";
  private String closing = "}}";
  private int position;
  private int sections;

  /** A section without its end, and the parts before it. */
  private record Open(Kind kind, String name, int at, List<TemplatePart> before) {}

  private TemplateParser(String field, String text) {
    this.field = field;
    this.text = text;
    this.plainDelimiters = !text.contains("{{=");
  }

  /**
   * Reads a template.
   *
   * @throws ApiException when it is not a valid template, or uses partials
   */
  static List<TemplatePart> parse(String field, String text) {
    return new TemplateParser(field, text).parse();
  }

  private List<TemplatePart> parse() {
    while (position < text.length()) {
      int start = text.indexOf(opening, position);
      if (start < 0) {
        addText(position, text.length());
        position = text.length();
      } else {
        addText(position, start);
        position = start + opening.length();
        readTag(position);
      }
    }
    Open open = outer.peek();
    if (open != null) {
      throw invalid("Section missing close tag '" + quote(open.name) + "'", open.at);
    }
    BlankLines.trim(parts, true);
    return parts;
  }

  /** Reads a tag to its end. Without an end it is text, up to the next tag. */
  private void readTag(int from) {
    int end = from;
    while (end < text.length()) {
      if (text.startsWith(closing, end)) {
        position = end + closing.length();
        addTag(text.substring(from, end));
        return;
      }
      boolean isClosing = text.charAt(end) == closing.charAt(0);
      boolean isRemark = text.charAt(from) == '!';
      if (!isClosing && !isRemark && end > from && text.charAt(end) == opening.charAt(0)) {
        break;
      }
      end++;
    }
    int start = from - opening.length();
    if (plainDelimiters) {
      throw ApiException.invalid(
          field,
          "is not a valid Mustache template: a tag is not closed, "
              + quote(text.substring(start, end)));
    }
    addText(start, end);
    position = end;
  }

  private void addText(int start, int end) {
    if (end > start) {
      boolean startsLine = outer.isEmpty() && parts.isEmpty();
      parts.add(new TemplatePart.Text(text.substring(start, end), startsLine));
    }
  }

  private void addTag(String content) {
    String tag = content;
    if (content.startsWith("=")) {
      changeDelimiters(content);
      parts.add(new TemplatePart.Silent());
      return;
    }
    if (content.startsWith("{") && opening.equals("{{") && closing.equals("}}")) {
      if (!text.startsWith("}", position)) {
        throw invalid("Invalid triple-mustache tag: {{" + quote(content) + "}}", position);
      }
      position++;
      tag = "&" + content.substring(1);
    }
    tag = tag.trim();
    if (tag.isEmpty()) {
      throw ApiException.invalid(field, "is not a valid Mustache template: a tag has no name");
    }
    addNamed(tag.charAt(0), tag, tag.substring(1).trim());
  }

  private void addNamed(char kind, String tag, String name) {
    if (kind == '!') {
      parts.add(new TemplatePart.Silent());
      return;
    }
    if (kind == '>') {
      throw ApiException.invalid(
          field, "uses a partial, {{> " + quote(name) + " }}: there are none");
    }
    if (tag.indexOf('\n') >= 0 || tag.indexOf('\r') >= 0) {
      throw invalid("Invalid tag name: contains newline '" + quote(tag) + "'", position);
    }
    switch (kind) {
      case '<' ->
          throw ApiException.invalid(
              field, "uses a parent, {{< " + quote(name) + " }}: there are none");
      case '#' -> open(Kind.REPEATED, name);
      case '^' -> open(Kind.INVERTED, name);
      case '$' -> open(Kind.BLOCK, name);
      case '/' -> close(name);
      case '&' -> parts.add(new TemplatePart.Variable(TemplateName.of(name)));
      default -> parts.add(new TemplatePart.Variable(TemplateName.of(tag)));
    }
  }

  private void open(Kind kind, String name) {
    if (++sections > MOST_SECTIONS) {
      throw ApiException.invalid(field, "has more than " + MOST_SECTIONS + " sections");
    }
    outer.push(new Open(kind, name, position, parts));
    parts = new ArrayList<>();
  }

  private void close(String name) {
    @Nullable Open open = outer.poll();
    if (open == null) {
      throw invalid("Section close tag with no open tag '" + quote(name) + "'", position);
    }
    if (!open.name.equals(name)) {
      throw invalid(
          "Section close tag with mismatched open tag '%s' != '%s'"
              .formatted(quote(name), quote(open.name)),
          position);
    }
    BlankLines.trim(parts, false);
    open.before.add(new TemplatePart.Section(open.kind, TemplateName.of(name), parts));
    parts = open.before;
  }

  /** Changes the delimiters: {@code {{=<% %>=}}}. */
  private void changeDelimiters(String content) {
    String[] both = content.substring(1, Math.max(1, content.length() - 1)).split(" ", 0);
    if (both.length != 2 || !isDelimiter(both[0]) || !isDelimiter(both[1])) {
      throw ApiException.invalid(
          field,
          "is not a valid Mustache template: Invalid delimiter configuration '"
              + quote(content)
              + "'. Must be of the form {{=1 2=}} or {{=12 34=}} where 1, 2, 3 and 4 are"
              + " delimiter chars.");
    }
    opening = both[0];
    closing = both[1];
  }

  private static boolean isDelimiter(String text) {
    return text.length() == 1 || text.length() == 2;
  }

  private ApiException invalid(String message, int at) {
    long line = 1 + text.chars().limit(at).filter(character -> character == '\n').count();
    return ApiException.invalid(
        field, "is not a valid Mustache template: " + message + " @ line " + line);
  }

  private static String quote(String text) {
    return WellFormed.cut(text, LONGEST_QUOTE);
  }
}
