package dev.errand.adapters.mcp.transport;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.transport.SseStream.Unsent;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ReadBudget.Held;
import dev.errand.base.limit.RequestMemory;
import dev.errand.base.limit.Reservation;
import dev.errand.identity.account.Caller;
import dev.errand.identity.auth.LongRequest;
import dev.errand.identity.auth.LongRequests;
import dev.errand.identity.auth.NeededAccess;
import dev.errand.runs.live.LongRequestPlaces;
import dev.errand.runs.live.LongRequestPlaces.Holder;
import dev.errand.runs.live.WatchConfig;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of this process. A request that is posted to another process finds no stream
 * there: with several processes, a load balancer has to route each client to the same one.
 */
@ApplicationScoped
class SseStreams {
  private static final Logger LOG = Logger.getLogger(SseStreams.class);
  private static final byte[] MESSAGE = bytes("event: message\ndata: ");
  private static final byte[] COMMENT = bytes(":");
  private static final byte[] END = bytes("\n\n");

  // Bytes of heap for an answer beside its message.
  private static final int PER_ANSWER = 256;

  private final Map<UUID, SseStream> streams = new ConcurrentHashMap<>();
  private final McpTransport transport;
  private final LongRequests open;
  private final WatchConfig config;
  private final RequestMemory memory;
  private final Json json;
  private final LongRequestPlaces places;
  private volatile boolean stopping;

  SseStreams(
      McpTransport transport,
      LongRequests open,
      WatchConfig config,
      RequestMemory memory,
      Json json) {
    this.transport = transport;
    this.memory = memory;
    this.json = json;
    this.open = open;
    this.config = config;
    this.places =
        new LongRequestPlaces(
            config.most(),
            "Too many streams are open: use /mcp, which needs none, or try again.",
            "You have too many streams open: use /mcp, which needs none, or close some.");
  }

  Optional<SseStream> find(UUID id) {
    return Optional.ofNullable(streams.get(id));
  }

  /**
   * Checks that there is room for one more of the caller.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE}, or {@link ErrorCode#RATE_LIMITED} when too
   *     many are the caller's
   */
  void checkRoom(Caller caller) {
    if (stopping || !config.longest().isPositive()) {
      throw places.full();
    }
    places.checkRoom(Holder.user(caller.id()));
  }

  /**
   * Sends answers until the client disconnects, its access ends, or the longest time is over; none
   * if others have taken the room meanwhile.
   *
   * @param address where requests are posted, by the id of the stream
   */
  void follow(SseStream stream, Address address, OutputStream client) {
    UUID id = UUID.randomUUID();
    streams.put(id, stream);
    long end = System.nanoTime() + config.longest().toNanos();
    try (LongRequestPlaces.Place _ = places.take(Holder.user(stream.caller().id()));
        LongRequest _ =
            open.open(new NeededAccess(stream.caller(), null), refusal -> stream.end())) {
      send(client, bytes("event: endpoint\ndata: " + address.of(id)));
      while (!stream.hasEnded() && System.nanoTime() < end) {
        Unsent answer = stream.next(config.heartbeat());
        if (answer == null) {
          send(client, COMMENT);
          continue;
        }
        try {
          send(client, MESSAGE, answer.message());
        } finally {
          stream.sent(answer);
        }
      }
    } catch (IOException e) {
      LOG.debug("A client with a stream has disconnected");
    } catch (ApiException e) {
      LOG.debugf("A stream was refused: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stream.end();
      streams.remove(id);
    }
  }

  /** Builds the address to which the requests of a stream are posted. */
  @FunctionalInterface
  interface Address {
    String of(UUID stream);
  }

  /**
   * Starts to handle a message; its answer is sent by the stream.
   *
   * @param memory the memory of the body, which is closed when the message is handled, or where
   *     there was no room; null where it takes none
   * @return whether there was room for it
   */
  boolean take(SseStream stream, @Nullable String body, @Nullable Reservation memory) {
    if (!stream.begin()) {
      if (memory != null) {
        memory.close();
      }
      return false;
    }
    Thread.ofVirtual().name("mcp-message").start(() -> work(stream, body, memory));
    return true;
  }

  @ActivateRequestContext
  void work(SseStream stream, @Nullable String body, @Nullable Reservation memory) {
    Set<Runnable> waits = new HashSet<>();
    Consumer<Runnable> gone =
        end -> {
          waits.add(end);
          stream.onGone(end);
        };
    try (Reservation _ = memory) {
      transport
          .answer(
              stream.caller(),
              stream.profile(),
              stream.base(),
              body,
              stream.client(),
              stream::introduce,
              gone)
          .filter(answer -> !add(stream, answer))
          .ifPresent(lost -> stream.end());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stream.forget(waits);
      stream.answered();
    }
  }

  private boolean add(SseStream stream, ObjectNode answer) {
    return tryAdd(stream, answer) || tryAdd(stream, transport.unread(answer.get("id")));
  }

  /** Adds an answer, for which memory is held until it was sent. */
  private boolean tryAdd(SseStream stream, ObjectNode answer) {
    byte[] message = json.bytes(answer);
    if (!stream.claim(message.length)) {
      return false;
    }
    Held held;
    try {
      held = memory.keep(stream.caller().username(), message.length + PER_ANSWER);
    } catch (ApiException e) {
      LOG.debugf("There is no memory for an answer: %s", e.getMessage());
      stream.unclaim(message.length);
      return false;
    }
    return stream.add(message, held);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void send(OutputStream client, byte[]... event) throws IOException {
    for (byte[] part : event) {
      client.write(part);
    }
    client.write(END);
    client.flush();
  }

  // The server waits for open requests, and streams would not end by themselves.
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    endAll();
  }

  void stop(@Observes @Priority(1000) ShutdownEvent event) {
    endAll();
  }

  private void endAll() {
    stopping = true;
    streams.values().forEach(SseStream::end);
  }
}
