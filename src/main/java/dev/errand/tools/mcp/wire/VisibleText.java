package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Makes visible the characters that a person does not see but a model reads: control characters,
 * those that change the direction of text, those without width, and tags. Each is written as its
 * code, such as {@code ⟨U+200B⟩}.
 */
public final class VisibleText {
  private static final int VARIATION_16 = 0xFE0F;
  private static final char NON_JOINER = 0x200C;
  private static final char JOINER = 0x200D;
  // The scripts whose words are written with joiners.
  private static final Set<Character.UnicodeScript> JOINING =
      EnumSet.of(
          Character.UnicodeScript.ARABIC,
          Character.UnicodeScript.SYRIAC,
          Character.UnicodeScript.MONGOLIAN,
          Character.UnicodeScript.DEVANAGARI,
          Character.UnicodeScript.BENGALI,
          Character.UnicodeScript.GURMUKHI,
          Character.UnicodeScript.GUJARATI,
          Character.UnicodeScript.ORIYA,
          Character.UnicodeScript.TAMIL,
          Character.UnicodeScript.TELUGU,
          Character.UnicodeScript.KANNADA,
          Character.UnicodeScript.MALAYALAM,
          Character.UnicodeScript.SINHALA,
          Character.UnicodeScript.KHMER,
          Character.UnicodeScript.MYANMAR);
  private static final Set<String> PROSE = Set.of("description", "title", "$comment");
  // Models read these as hints, and a call does not have to repeat them.
  private static final Set<String> HINTS = Set.of("default", "examples", "pattern");

  private VisibleText() {}

  /** The text, with every hidden character written out; line breaks and tabs stay. */
  public static String of(String text) {
    return written(text, "⟨U+%04X⟩"::formatted);
  }

  /**
   * The text as a person reads it elsewhere: as {@link #of} writes it, but lines may end as on
   * Windows, and what joins two emoji, or two letters of a script that needs it, stays.
   */
  public static String ofProse(String text) {
    String lines = text.replace("\r\n", "\n");
    StringBuilder visible = new StringBuilder(lines.length());
    int from = 0;
    for (int at = 0; at < lines.length(); at++) {
      char c = lines.charAt(at);
      if ((c == JOINER || c == NON_JOINER) && at > 0 && at + 1 < lines.length()) {
        int before = lines.codePointBefore(at);
        int after = lines.codePointAt(at + 1);
        if ((c == JOINER && isEmoji(before) && isEmoji(after)) || isJoined(before, after)) {
          visible.append(of(lines.substring(from, at))).append(c);
          from = at + 1;
        }
      }
    }
    return visible.append(of(lines.substring(from))).toString();
  }

  private static boolean isEmoji(int c) {
    return c == VARIATION_16
        || Character.isEmojiModifier(c)
        || Character.isEmojiPresentation(c)
        || Character.isExtendedPictographic(c);
  }

  private static boolean isJoined(int before, int after) {
    return JOINING.contains(Character.UnicodeScript.of(before))
        && JOINING.contains(Character.UnicodeScript.of(after));
  }

  /** JSON with every hidden character written as its escape in JSON, which has the same value. */
  public static String ofJson(String json) {
    return written(json, VisibleText::escape);
  }

  private static String escape(int c) {
    return Character.toString(c)
        .chars()
        .mapToObj("\\u%04X"::formatted)
        .collect(Collectors.joining());
  }

  private static String written(String text, IntFunction<String> mark) {
    StringBuilder visible = new StringBuilder(text.length());
    int before = 0;
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int c = text.codePointAt(at);
      // One variation selector after a sign chooses its coloured form; a second one can only hide
      // something.
      boolean isChoice = c == VARIATION_16 && before != 0 && !isVariation(before);
      if (isHidden(c) && !isChoice) {
        visible.append(mark.apply(c));
      } else {
        visible.appendCodePoint(c);
      }
      before = c;
    }
    return visible.toString();
  }

  /**
   * The schema, with every hidden character written out in its texts, defaults, examples and
   * patterns; everything else is data.
   */
  public static ObjectNode ofSchema(ObjectNode schema) {
    return (ObjectNode) shown(schema, false);
  }

  private static JsonNode shown(JsonNode node, boolean isHint) {
    return switch (node) {
      case ArrayNode array -> {
        ArrayNode shown = array.arrayNode();
        array.forEach(element -> shown.add(shown(element, isHint)));
        yield shown;
      }
      case ObjectNode object -> {
        ObjectNode shown = object.objectNode();
        for (Map.Entry<String, JsonNode> child : object.properties()) {
          String name = child.getKey();
          boolean isText = child.getValue().isTextual() && PROSE.contains(name);
          shown.set(
              isHint ? of(name) : name,
              shown(child.getValue(), isHint || isText || HINTS.contains(name)));
        }
        yield shown;
      }
      case TextNode text when isHint -> TextNode.valueOf(of(text.textValue()));
      default -> node;
    };
  }

  /**
   * Whether a schema hides something where {@link #ofSchema} can't write it out, since a call must
   * repeat it: in a name or a value.
   */
  public static boolean isHiddenInData(JsonNode schema) {
    JsonNode shown = schema instanceof ObjectNode object ? ofSchema(object) : schema;
    return isHidden(shown);
  }

  private static boolean isHidden(JsonNode shown) {
    if (shown.isTextual()) {
      return isHidden(shown.textValue());
    }
    for (Map.Entry<String, JsonNode> child : shown.properties()) {
      if (isHidden(child.getKey())) {
        return true;
      }
    }
    for (JsonNode child : shown) {
      if (isHidden(child)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text has hidden characters. */
  public static boolean isHidden(String text) {
    return !of(text).equals(text);
  }

  private static boolean isHidden(int c) {
    if (c == '\n' || c == '\t') {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> isVariation(c) || isBlank(c);
    };
  }

  private static boolean isVariation(int c) {
    return (c >= 0xFE00 && c <= VARIATION_16) || (c >= 0xE0100 && c <= 0xE01EF);
  }

  // Letters and marks that are rendered as blanks.
  private static boolean isBlank(int c) {
    return switch (c) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default -> false;
    };
  }
}
