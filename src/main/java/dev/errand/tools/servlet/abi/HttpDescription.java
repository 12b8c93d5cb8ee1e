package dev.errand.tools.servlet.abi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.tools.servlet.limit.CallEnded;
import dev.errand.tools.servlet.limit.Limits;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An HTTP request as a plug-in describes it, without its body.
 *
 * @param method the method, in capitals
 * @param url the address
 * @param headers the header fields, without those that the client sets itself
 */
record HttpDescription(String method, String url, Map<String, String> headers) {
  /** Far more than a URL and header fields need; a longer description is not parsed. */
  private static final int MOST_BYTES = 256 << 10;

  /** Header fields that the client sets itself. */
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "connection", "transfer-encoding", "upgrade", "te");

  private static final JsonFactory JSON = JsonFactory.builder().build();

  /**
   * Parses the JSON in a block, and stops if the call is interrupted.
   *
   * @throws CallEnded.Failed when it is too long, or not a JSON object
   */
  static HttpDescription of(ServletCall call, long block) {
    var length = call.arena.length(block);
    if (length > MOST_BYTES) {
      throw new CallEnded.Failed(
          "The tool described an HTTP request in %d bytes; URL, method and header fields together"
                  .formatted(length)
              + " may have %s. Pass the body separately.".formatted(Limits.size(MOST_BYTES)));
    }
    try (var json = JSON.createParser(call.text(block))) {
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
      var value = json.nextToken();
      if (name.equals("headers") && value == JsonToken.START_OBJECT) {
        headers(json, call, headers);
      } else if (name.equals("method") && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        method = json.getText();
      } else if (name.equals("url") && value.isScalarValue()) {
        url = json.getText();
      } else {
        json.skipChildren();
      }
    }
    return new HttpDescription(method.toUpperCase(Locale.ROOT), url, headers);
  }

  private static void headers(JsonParser json, ServletCall call, Map<String, String> headers)
      throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      call.stopIfInterrupted();
      var name = json.currentName();
      var value = json.nextToken().isScalarValue() ? json.getText() : "";
      json.skipChildren();
      if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        headers.put(name, value);
      }
    }
  }

  private static CallEnded.Failed noJson() {
    return new CallEnded.Failed("The tool crashed: its HTTP request is not valid JSON.");
  }
}
