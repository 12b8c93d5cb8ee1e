package dev.errand.adapters.console.page;

import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.models.port.ModelRequest;
import dev.errand.tools.mcp.wire.VisibleText;

/**
 * A request to a model as pages show it.
 *
 * @param line method and address
 * @param body its body, indented, with hidden characters written out, or the beginning of it
 * @param cut whether the body is longer
 */
public record RequestView(String line, String body, boolean cut) {
  private static final int MOST = 40_000;

  /** The view of a request. */
  public static RequestView of(ModelRequest request, Json json) {
    String body = VisibleText.ofJson(PrettyJson.of(json.tree(json.write(request.body())), MOST));
    return new RequestView(
        request.method() + " " + request.url(), Excerpt.of(body, MOST), body.length() > MOST);
  }
}
