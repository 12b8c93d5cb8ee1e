package dev.errand.tools.servlet.abi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.base.error.SpellingSuggestion;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.servlet.limit.CallEnded;
import dev.errand.tools.servlet.limit.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An HTTP request as a plug-in describes it, without its body.
 *
 * @param method the method, in capitals
 * @param headers the header fields, without those that the client sets itself
 */
record HttpDescription(String method, String url, Map<String, String> headers) {
  /** Far more than a URL and header fields need; a longer description is not parsed. */
  private static final int MOST_BYTES = 256 << 10;

  /** Header fields that the client sets itself. */
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "connection", "transfer-encoding", "upgrade", "te");

  private static final List<String> KEYS = List.of("url", "method", "headers");
  private static final int LONGEST_SHOWN = 100;
  private static final JsonFactory JSON = JsonFactory.builder().build();

  /**
   * Parses the JSON in a block, and stops if the call is interrupted.
   *
   * @throws CallEnded.Failed when it is too long, not a JSON object, or has what is not read
   */
  static HttpDescription of(ServletCall call, long block) {
    var length = call.arena.length(block);
    if (length > MOST_BYTES) {
      throw new CallEnded.Failed(
          "The tool described an HTTP request in %d bytes; URL, method and header fields together"
                  .formatted(length)
              + " may have %s. Pass the body separately.".formatted(Limits.size(MOST_BYTES)));
    }
    try (var json = JSON.createParser(ServletJson.text(call.arena.read(block, length)))) {
      return read(json, call);
    } catch (IOException e) {
      throw noJson();
    }
  }

  private static HttpDescription read(JsonParser json, ServletCall call) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw noJson();
    }
    var method = "GET";
    var url = "";
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      call.stopIfInterrupted();
      var name = json.currentName();
      // Kits write null for what is not given.
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (name) {
        case "url" -> url = string(json, name);
        case "method" -> method = string(json, name);
        // Extism's JavaScript host knows both names.
        case "headers", "header" -> headers(json, call, headers);
        default -> throw unknown(name);
      }
    }
    if (json.nextToken() != null) {
      throw noJson();
    }
    return new HttpDescription(method.toUpperCase(Locale.ROOT), url, headers);
  }

  private static String string(JsonParser json, String name) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong("\"" + name + "\" is not a string.");
    }
    return json.getText();
  }

  private static void headers(JsonParser json, ServletCall call, Map<String, String> headers)
      throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw wrong("\"headers\" is not an object of strings.");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      call.stopIfInterrupted();
      var name = json.currentName();
      if (!json.nextToken().isScalarValue()) {
        throw wrong("the header field \"%s\" is not a string.".formatted(cut(name)));
      }
      if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        headers.put(name, json.getText());
      }
    }
  }

  /**
   * A key that is not read is refused, as by Extism's own host: the request would not be the one
   * that its author described, and might lack its authorization.
   */
  private static CallEnded.Failed unknown(String key) {
    var advice =
        key.equals("body")
            ? "the body is passed separately."
            : SpellingSuggestion.of(key, KEYS)
                .map("did you mean \"%s\"?"::formatted)
                .orElse("it may have url, method and headers.");
    return wrong("there is the key \"%s\"; %s".formatted(cut(key), advice));
  }

  private static CallEnded.Failed wrong(String what) {
    return new CallEnded.Failed("The tool's HTTP request failed: in its description, " + what);
  }

  private static String cut(String text) {
    return WellFormed.cut(text, LONGEST_SHOWN);
  }

  private static CallEnded.Failed noJson() {
    return new CallEnded.Failed("The tool crashed: its HTTP request is not valid JSON.");
  }
}
