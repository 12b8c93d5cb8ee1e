package dev.errand.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of Server-Sent Events, which reads them as they come. */
public final class Events implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_STALE = 5;

  // With HTTP/1.1 a stream has a connection of its own, and to close one is to close the other.
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final HttpResponse<InputStream> answer;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger comments = new AtomicInteger();
  private volatile boolean over;
  private volatile boolean whole;

  /**
   * An event.
   *
   * @param id its id; an empty text where it has none
   * @param name its name
   * @param data its data
   */
  public record Event(String id, String name, String data) {}

  private Events(HttpResponse<InputStream> answer) {
    this.answer = answer;
    Thread.ofVirtual().start(this::read);
  }

  /** Connects; with an id it says that it has everything up to that event. */
  public static Events of(URI address, @Nullable String lastEventId) {
    return of(address, lastEventId, Api.SESSION);
  }

  /** Connects with that session or token. */
  public static Events of(URI address, @Nullable String lastEventId, String credential) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Cookie", "sessionId=" + credential)
            .header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      return new Events(send(request.build()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // The service may close an idle connection in the moment in which the client uses it again, and
  // then also the next one that the client has kept.
  private static HttpResponse<InputStream> send(HttpRequest request)
      throws IOException, InterruptedException {
    for (int left = MOST_STALE; ; left--) {
      try {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
      } catch (IOException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }

  /** The status and headers of the answer. */
  public HttpResponse<?> answer() {
    return answer;
  }

  /** What has come so far. */
  public List<Event> all() {
    return List.copyOf(events);
  }

  /** What has come so far of that name. */
  public List<Event> named(String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  /** How many lines of comment have come. */
  public int comments() {
    return comments.get();
  }

  /** Waits until what has come is as wanted. */
  public Events await(Predicate<Events> wanted) {
    Eventually.await("what the stream brings: " + events, PATIENCE, () -> wanted.test(this));
    return this;
  }

  /** Waits until the server has ended the stream, and says whether it ended it in good order. */
  public boolean awaitOver() {
    Eventually.await("the end of the stream", PATIENCE, () -> over);
    return whole;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String id = "";
      String name = "message";
      StringBuilder data = new StringBuilder();
      boolean some = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (some) {
            events.add(new Event(id, name, data.toString()));
          }
          id = "";
          name = "message";
          data.setLength(0);
          some = false;
          continue;
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
        switch (field) {
          case "" -> comments.incrementAndGet();
          case "id" -> id = value;
          case "event" -> name = value;
          case "data" -> {
            data.append(some ? "\n" : "").append(value);
            some = true;
          }
          default -> {}
        }
      }
      whole = true;
    } catch (IOException e) {
      // Cut off; what has come so far has come.
    } finally {
      over = true;
    }
  }

  /** Goes away, whatever is still to come. */
  @Override
  public void close() {
    try {
      answer.body().close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
