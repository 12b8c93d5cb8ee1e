package dev.errand.adapters.mcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.Progress;
import dev.errand.base.json.Json;
import dev.errand.tools.port.ToolProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one request as Server-Sent Events: its progress, and then its result. Progress may
 * come from any thread.
 */
final class AnswerStream implements Progress {
  private static final double LARGEST_WHOLE = 1e15;
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final OutputStream client;
  private final JsonNode token;
  private final Json json;
  private double reached = Double.NEGATIVE_INFINITY;

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
  public synchronized void report(ToolProgress now) throws IOException {
    if (now.progress() <= reached) {
      // Log lines may arrive out of order, but the value must grow.
      return;
    }
    reached = now.progress();
    ObjectNode notification =
        json.object().put("jsonrpc", "2.0").put("method", "notifications/progress");
    ObjectNode params = notification.putObject("params");
    params.set("progressToken", token);
    put(params, "progress", now.progress());
    if (now.total() != null) {
      put(params, "total", now.total());
    }
    if (now.message() != null) {
      params.put("message", now.message());
    }
    send(notification);
  }

  // A whole number is written as one.
  private static void put(ObjectNode params, String field, double number) {
    if (number == Math.rint(number) && Math.abs(number) < LARGEST_WHOLE) {
      params.put(field, (long) number);
    } else {
      params.put(field, number);
    }
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
