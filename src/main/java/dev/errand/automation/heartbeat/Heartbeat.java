package dev.errand.automation.heartbeat;

import dev.errand.automation.schedule.ScheduleTicker;
import dev.errand.base.background.BackgroundThreads;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.TickWork;
import dev.errand.base.http.HttpAddress;
import dev.errand.base.http.OperatorHttp;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Sends heartbeats to a monitor outside as long as this process works: a tick, which locks due
 * schedules in the database, was done since the last one, and nothing in the background has ended
 * or is stuck. Every process sends them.
 */
@ApplicationScoped
public class Heartbeat implements TickWork {
  private static final Logger LOG = Logger.getLogger(Heartbeat.class);

  private final HeartbeatConfig config;
  private final ScheduleTicker schedules;
  private final PeriodicJobs jobs;
  private final BackgroundThreads threads;
  private long ticksBefore;
  private @Nullable Monitor monitor;
  private boolean fails;

  Heartbeat(
      HeartbeatConfig config,
      ScheduleTicker schedules,
      PeriodicJobs jobs,
      BackgroundThreads threads) {
    this.config = config;
    this.schedules = schedules;
    this.jobs = jobs;
    this.threads = threads;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 900) StartupEvent event) {
    URI url = url();
    if (url == null) {
      return;
    }
    if (!HttpAddress.isOne(url)) {
      throw new IllegalStateException(
          "errand.heartbeat.url (ERRAND_HEARTBEAT_URL) is not an HTTP address with a host: write it"
              + " in full, such as https://monitor.example/ping/….");
    }
    jobs.inLoop("heartbeat", config.every(), this::beat);
  }

  private @Nullable URI url() {
    return config.url().filter(url -> !url.toString().isEmpty()).orElse(null);
  }

  @Override
  public String name() {
    return "send the heartbeat";
  }

  @Override
  public void work(Duration most) {
    if (most.compareTo(config.timeout()) >= 0) {
      beat();
    }
  }

  /** Sends a heartbeat if this process works. */
  synchronized void beat() {
    URI url = url();
    if (url == null || !works()) {
      return;
    }
    @Nullable String problem = send(url);
    if (problem == null && fails) {
      LOG.infof("The monitor at %s accepts heartbeats again", url.getHost());
    } else if (problem != null && !fails) {
      LOG.warnf(
          "A heartbeat was not accepted by the monitor at %s: %s. More are sent, and the next failures"
              + " are not logged",
          url.getHost(), problem);
    }
    fails = problem != null;
  }

  private boolean works() {
    long ticks = schedules.done();
    boolean ticked = ticks != ticksBefore;
    ticksBefore = ticks;
    return ticked && jobs.overdue().isEmpty() && threads.ended().isEmpty();
  }

  /** Why a heartbeat was not accepted; null where it was. The address is a secret in part. */
  private @Nullable String send(URI url) {
    Monitor peer = monitor;
    if (peer == null) {
      peer = OperatorHttp.client(Monitor.class, url, config.timeout(), true);
      monitor = peer;
    }
    try {
      RestResponse<InputStream> answer = peer.beat();
      try (InputStream _ = answer.getEntity()) {
        int status = answer.getStatus();
        return status / 100 == 2 ? null : "it answered with status " + status;
      }
    } catch (IOException | RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return cause.getClass().getSimpleName();
    }
  }
}
