package dev.errand.adapters.mcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.Progress;
import dev.errand.base.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one request as Server-Sent Events: its progress, and then its result. Progress may
 * come from any thread.
 */
final class AnswerStream implements Progress {
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final OutputStream client;
  private final JsonNode token;
  private final Json json;
  private int step;

  /**
   * A stream to a client.
   *
   * @param token the client's token for notifications of progress
   */
  AnswerStream(OutputStream client, JsonNode token, Json json) {
    this.client = client;
    this.token = token;
    this.json = json;
  }

  @Override
  public boolean isWanted() {
    return true;
  }

  @Override
  public synchronized void report(int number, String message) throws IOException {
    if (number <= step) {
      // Log lines may arrive out of order, but the value must grow.
      return;
    }
    step = number;
    ObjectNode notification = json.object().put("jsonrpc", "2.0");
    notification
        .put("method", "notifications/progress")
        .putObject("params")
        .put("progress", step)
        .put("message", message)
        .set("progressToken", token);
    send(notification);
  }

  // This also detects a client that has disconnected.
  @Override
  public synchronized void keepAlive() throws IOException {
    client.write(COMMENT);
    client.flush();
  }

  synchronized void send(ObjectNode message) throws IOException {
    client.write("event: message\ndata: ".getBytes(StandardCharsets.UTF_8));
    client.write(json.bytes(message));
    client.write("\n\n".getBytes(StandardCharsets.UTF_8));
    client.flush();
  }
}
