package dev.errand.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page of a Chromium without a window, driven by the DevTools protocol. Clicks and keys are those
 * of a person: what they lead to is up to the browser.
 */
public final class Chromium implements AutoCloseable {
  private static final String PROGRAM = "chromium";
  private static final String LISTENING = "DevTools listening on ";
  private static final int PATIENCE_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final String session;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> log = new CopyOnWriteArrayList<>();

  /**
   * Starts it.
   *
   * @param data a folder for its cookies and caches
   * @throws IllegalStateException when it is not installed
   */
  public Chromium(Path data) throws IOException {
    if (!isInstalled()) {
      throw new IllegalStateException(
          PROGRAM + " is not on the PATH: install it, on Debian by `apt-get install chromium`.");
    }
    process =
        new ProcessBuilder(
                PROGRAM,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                // It would look up hosts of its vendor otherwise.
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + data.toAbsolutePath(),
                "about:blank")
            .redirectErrorStream(true)
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address()), new Incoming())
            .join();
    String target =
        send(null, "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
    session =
        send(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asText();
    send("Page.enable", Map.of());
    send("Log.enable", Map.of());
    send("Runtime.enable", Map.of());
  }

  /** Whether it can be started. */
  public static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
  }

  private String address() throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> said.lines().forEach(rest -> {}));
        return line.substring(LISTENING.length()).strip();
      }
      all.append(line).append('\n');
    }
    throw new IllegalStateException(PROGRAM + " did not start: " + all);
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        received(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void received(String message) {
    JsonNode read;
    try {
      read = JSON.readTree(message);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    JsonNode entry = read.path("params").path("entry");
    // What it calls verbose is advice.
    if (read.path("method").asText().equals("Log.entryAdded")
        && !entry.path("level").asText().equals("verbose")) {
      log.add(entry.path("text").asText());
    }
    if (read.path("method").asText().equals("Runtime.exceptionThrown")) {
      JsonNode details = read.path("params").path("exceptionDetails");
      log.add(
          details.path("text").asText()
              + " "
              + details.path("exception").path("description").asText());
    }
    CompletableFuture<JsonNode> waiting = asked.remove(read.path("id").asInt());
    if (waiting == null) {
      return;
    }
    if (read.has("error")) {
      waiting.completeExceptionally(new IllegalStateException(read.path("error").toString()));
    } else {
      waiting.complete(read.path("result"));
    }
  }

  /** Sends a command to the page; its result. */
  public JsonNode send(String method, Map<String, ?> params) {
    return send(session, method, params);
  }

  private JsonNode send(@Nullable String to, String method, Map<String, ?> params) {
    int id = number.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(params));
    if (to != null) {
      message.put("sessionId", to);
    }
    var _ = socket.sendText(message.toString(), true).join();
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Opens an address, as if it were typed, and waits until the page is loaded. */
  public void open(String url) {
    send("Page.navigate", Map.of("url", url));
    await("the page " + url, "document.readyState === 'complete'");
  }

  /** The value of an expression in the page. */
  public JsonNode evaluate(String expression) {
    JsonNode answer =
        send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.path("exceptionDetails").toString());
    }
    return answer.path("result").path("value");
  }

  /** Waits until an expression is true in the page, whichever that is by then. */
  public void await(String what, String expression) {
    Eventually.await(
        what,
        () -> {
          try {
            return evaluate(expression).asBoolean();
          } catch (RuntimeException e) {
            // The page is just being replaced, or has no such element yet.
            return false;
          }
        });
  }

  /** Waits until there is an element, and clicks in its middle, or in that of its first line. */
  public void click(String selector) {
    String element = "document.querySelector(" + JSON.valueToTree(selector) + ")";
    await("the element " + selector, element + " !== null && document.readyState === 'complete'");
    JsonNode middle =
        evaluate(
            """
            (() => {
              const element = %s;
              element.scrollIntoView({block: "center", behavior: "instant"});
              const box = element.getClientRects()[0];
              return {x: box.x + box.width / 2, y: box.y + box.height / 2};
            })()
            """
                .formatted(element));
    for (String type : List.of("mousePressed", "mouseReleased")) {
      send(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              middle.path("x").asDouble(),
              "y",
              middle.path("y").asDouble(),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Clicks into a field, and types. */
  public void type(String selector, String text) {
    click(selector);
    send("Input.insertText", Map.of("text", text));
  }

  /**
   * What the browser tells developers, such as what it has blocked in a page, and what scripts
   * failed with.
   */
  public List<String> log() {
    return List.copyOf(log);
  }

  /** Whether pages may run scripts. */
  public void scripts(boolean on) {
    send("Emulation.setScriptExecutionDisabled", Map.of("value", !on));
  }

  /**
   * Writes a picture of the page.
   *
   * @param width of the window, in pixels
   * @param scheme {@code light} or {@code dark}: what the person prefers
   */
  public void picture(Path file, int width, String scheme) throws IOException {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));
    send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    String picture = send("Page.captureScreenshot", Map.of("format", "png")).path("data").asText();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(picture));
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().join();
  }
}
