package dev.errand.adapters.console.run;

import dev.errand.models.port.ModelRequest;

/** Writes a request to a model as a command of the shell. */
final class CurlCommand {
  private CurlCommand() {}

  /**
   * The command. The key is a variable of the shell, which the user sets before.
   *
   * @param body the body in one line
   */
  static String of(ModelRequest request, String body) {
    StringBuilder command =
        new StringBuilder("curl -sS -X ")
            .append(request.method())
            .append(' ')
            .append(quoted(request.url()));
    request
        .headers()
        .forEach((name, value) -> command.append(" \\\n  -H ").append(field(name + ": " + value)));
    // The text between the marks is sent unchanged. A line of JSON can't be equal to a mark.
    return command
        .append(" \\\n  --data-binary @- <<'JSON'\n")
        .append(body)
        .append("\nJSON\n")
        .toString();
  }

  private static String field(String field) {
    int key = field.indexOf(ModelRequest.KEY);
    return key < 0
        ? quoted(field)
        : quoted(field.substring(0, key))
            + "\""
            + ModelRequest.KEY
            + "\""
            + quoted(field.substring(key + ModelRequest.KEY.length()));
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "" : "'" + text.replace("'", "'\\''") + "'";
  }
}
