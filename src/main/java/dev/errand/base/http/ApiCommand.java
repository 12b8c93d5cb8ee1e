package dev.errand.base.http;

/**
 * A command for a shell that sends a request to this service. It finds the address of the service
 * in {@code ERRAND} and the session in {@code SESSION}, as in the documents.
 */
public final class ApiCommand {
  private ApiCommand() {}

  /**
   * A command with a JSON body.
   *
   * @param method such as {@code PATCH}
   * @param path where, from the slash on
   * @param body JSON
   */
  public static String of(String method, String path, String body) {
    return of(method, path)
        + " -H 'Content-Type: application/json' -d '%s'".formatted(body.replace("'", "'\\''"));
  }

  /**
   * A command without a body.
   *
   * @param method such as {@code DELETE}
   */
  public static String of(String method, String path) {
    return "curl -X %s \"$ERRAND%s\" -H \"Cookie: sessionId=$SESSION\"".formatted(method, path);
  }
}
