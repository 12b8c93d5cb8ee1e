package dev.errand.adapters.console.approval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.base.json.PrettyJson;
import dev.errand.tools.mcp.wire.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a tool call for a person who decides about it: what a model reads and a person
 * would not see is written out.
 *
 * @param fields each with its value
 * @param json all of them as JSON, or the beginning of it
 * @param cut whether there is more
 * @param hidden whether there are characters that one would not see
 */
public record ShownArguments(List<Field> fields, String json, boolean cut, boolean hidden) {
  private static final int MOST = 20_000;

  /**
   * An argument.
   *
   * @param value a text as it is, with its lines; anything else as JSON
   */
  public record Field(String name, String value) {}

  /** The beginning of arguments that are too long to be shown. */
  static ShownArguments ofPart(String beginning) {
    String json = VisibleText.ofJson(beginning);
    return new ShownArguments(List.of(), Excerpt.of(json, MOST), true, !json.equals(beginning));
  }

  /** The arguments of a call, a JSON object. */
  static ShownArguments of(JsonNode arguments) {
    String json = VisibleText.ofJson(PrettyJson.of(arguments, MOST));
    List<Field> fields = new ArrayList<>();
    int room = MOST;
    for (Map.Entry<String, JsonNode> each : arguments.properties()) {
      if (room <= 0) {
        break;
      }
      String name = VisibleText.of(Excerpt.of(each.getKey(), room));
      JsonNode value = each.getValue();
      String text =
          value.isTextual()
              ? VisibleText.of(value.textValue())
              : VisibleText.ofJson(PrettyJson.of(value, room));
      fields.add(new Field(name, Excerpt.of(text, room)));
      room -= name.length() + text.length();
    }
    return new ShownArguments(
        fields,
        Excerpt.of(json, MOST),
        room < 0 || json.length() > MOST,
        // Also behind the beginning that is shown.
        VisibleText.isHidden(arguments.toString()));
  }
}
