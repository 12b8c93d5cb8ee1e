package dev.errand.adapters.serverless;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.errand.base.background.WorkMode;
import dev.errand.base.error.Reason;
import dev.errand.base.http.CloudEvent;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.http.HttpAddress;
import dev.errand.base.http.OperatorHttp;
import dev.errand.base.http.Traces;
import dev.errand.runs.queue.RunEnqueued;
import dev.errand.runs.worker.WorkerConfig;
import io.netty.channel.ConnectTimeoutException;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Notifies the platform, in request mode, that a run is due. The request that enqueued the run
 * waits until the platform has accepted the event; if it is not accepted, the next tick finds the
 * run.
 */
@ApplicationScoped
public class Dispatcher {
  /** The type of the event for a due run. */
  public static final String RUN_ENQUEUED = "dev.errand.run.enqueued";

  private static final Logger LOG = Logger.getLogger(Dispatcher.class);
  private static final String API_GATEWAY = "execute-api";
  private static final String SOURCE = "/errand";

  private final DispatchConfig config;
  private final WorkerConfig worker;
  private final CloudEvents events;
  private final Traces traces;
  private final Map<String, String> environment;
  private volatile @Nullable EventSink sink;
  // When hundreds of runs are enqueued, such as by a tick, only the first waits for a platform that
  // does not answer.
  private volatile long quietUntil = System.nanoTime();

  @Inject
  Dispatcher(DispatchConfig config, WorkerConfig worker, CloudEvents events, Traces traces) {
    this(config, worker, events, traces, System.getenv());
  }

  Dispatcher(
      DispatchConfig config,
      WorkerConfig worker,
      CloudEvents events,
      Traces traces,
      Map<String, String> environment) {
    this.config = config;
    this.worker = worker;
    this.events = events;
    this.traces = traces;
    this.environment = environment;
  }

  // Checks the address at the start; the client is created when it is first needed.
  static void start(@Observes StartupEvent event, DispatchConfig config) {
    check(config);
  }

  /** Reports an unusable address before an event has to be sent. */
  static void check(DispatchConfig config) {
    URI url = known(config).orElse(null);
    if (url != null && !HttpAddress.isOne(url)) {
      throw new IllegalStateException(
          "ERRAND_DISPATCH_URL, or K_SINK where that is unset, is not an HTTP address with a host:"
              + " write it in full, such as http://broker.example:8080/default.");
    }
  }

  private static Optional<URI> known(DispatchConfig config) {
    return config.url().filter(url -> !url.toString().isEmpty());
  }

  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunEnqueued run) {
    if (worker.mode() == WorkMode.REQUEST) {
      dispatch(Long.toString(run.runId()));
    }
  }

  /**
   * Sends an event, so that another request continues the work.
   *
   * @return whether the platform accepted the event
   */
  public boolean dispatch(String subject) {
    Optional<URI> url = known(config);
    if (url.isEmpty() || System.nanoTime() - quietUntil < 0) {
      return false;
    }
    CloudEvent event =
        new CloudEvent(
            UUID.randomUUID().toString(),
            SOURCE,
            RUN_ENQUEUED,
            subject,
            traces.current(),
            JsonNodeFactory.instance.objectNode());
    try {
      int status = send(url.get(), events.write(event));
      if (status / 100 == 2) {
        return true;
      }
      LOG.warnf("The event of a run was answered with status %d; the next tick finds it", status);
    } catch (IOException | RuntimeException e) {
      // The run is stored even if its event is lost.
      if (isCausedBy(InterruptedException.class, e)) {
        Thread.currentThread().interrupt();
      } else if (isCausedBy(TimeoutException.class, e)
          || isCausedBy(ConnectTimeoutException.class, e)) {
        quietUntil = System.nanoTime() + config.timeout().toNanos();
        LOG.warnf(
            "The event of a run was not accepted within %s; no further event is sent for as"
                + " long, and the next tick finds the run",
            config.timeout());
      } else {
        LOG.warnf(
            "The event of a run was not accepted; the next tick finds the" + " run: %s",
            Reason.of(e));
      }
    }
    return false;
  }

  private EventSink sink(URI url) {
    EventSink known = sink;
    if (known == null) {
      known = OperatorHttp.client(EventSink.class, url, config.timeout(), false);
      sink = known;
    }
    return known;
  }

  // The body of the sink's answer is ignored.
  private int send(URI url, byte[] event) throws IOException {
    RestResponse<InputStream> answer;
    Optional<String> region = config.awsRegion();
    if (region.isPresent()) {
      AwsSignature.Headers signed =
          new AwsSignature(region.get(), API_GATEWAY)
              .sign(url, event, credentials(), Instant.now());
      answer = sink(url).send(signed.authorization(), signed.date(), signed.token(), event);
    } else {
      String authorization = token().map(token -> "Bearer " + token).orElse(null);
      answer = sink(url).send(authorization, null, null, event);
    }
    try (InputStream _ = answer.getEntity()) {
      return answer.getStatus();
    }
  }

  private static boolean isCausedBy(Class<? extends Exception> type, Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private AwsSignature.Credentials credentials() {
    return AwsSignature.Credentials.of(environment)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "ERRAND_DISPATCH_AWS_REGION is set, and AWS_ACCESS_KEY_ID is not"));
  }

  private Optional<String> token() throws IOException {
    if (config.tokenFile().isPresent()) {
      return Optional.of(Files.readString(config.tokenFile().get()).strip());
    }
    return config.token();
  }
}
