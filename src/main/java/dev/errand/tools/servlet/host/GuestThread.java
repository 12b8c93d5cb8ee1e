package dev.errand.tools.servlet.host;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.tools.port.ToolEgress;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.servlet.abi.Ending;
import dev.errand.tools.servlet.abi.ServletCall;
import dev.errand.tools.servlet.limit.Computation;
import dev.errand.tools.servlet.limit.ComputeThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The computation of one guest, while the calling thread logs and sends HTTP requests for it. Its
 * thread is used again only after a call that returned an answer.
 */
final class GuestThread {
  /** How long to wait for an interrupted guest; a stuck one continues without its caller. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ServletCall call;
  private final GuardedHttp http;
  private final ToolLog log;
  private final Computation computation;
  private long end;
  private long deadline;

  /** Whether the caller was woken and has not looked yet. */
  private volatile boolean overdue;

  /**
   * Creates the computation, not started.
   *
   * @param end runs last on the thread, in any case
   */
  GuestThread(
      Guest guest, String export, ServletCall call, GuardedHttp http, ToolLog log, Runnable end) {
    this.call = call;
    this.http = http;
    this.log = log;
    this.computation =
        new Computation(
            guest.threadName(),
            call.core,
            () -> {
              Ending ending = new Ending.Failed("The tool crashed.");
              try {
                ending = guest.run(export, call);
                call.flush();
              } finally {
                call.core.release();
                end.run();
                call.messages.add(new ServletCall.Ended(ending));
              }
              return ending instanceof Ending.Returned;
            });
  }

  void start(ComputeThreads threads) {
    threads.start(computation);
  }

  /**
   * Waits for the guest to end.
   *
   * @param time the time limit, which excludes the time that it waits for a core
   * @return its end; {@link Ending.Interrupted} after either limit
   * @throws InterruptedException when the calling thread is interrupted; the guest is stopped
   */
  Ending await(Duration time, Duration last, GuestWatch watch) throws InterruptedException {
    var begun = System.nanoTime();
    end = begun + time.toNanos();
    deadline = begun + last.toNanos();
    try {
      watch.add(this);
      while (left() > 0) {
        switch (call.messages.take()) {
          case ServletCall.LogLine line -> log.line(line.level(), line.text());
          case ServletCall.Http request -> send(request, Math.max(1, left()));
          case ServletCall.Ended ended -> {
            return ended.ending();
          }
          // Its core may have been waited for meanwhile, so that some time is left.
          case ServletCall.Overdue _ -> overdue = false;
        }
      }
      var atDeadline = deadline - System.nanoTime() <= 0;
      stop();
      return new Ending.Interrupted(atDeadline);
    } catch (InterruptedException e) {
      end();
      throw e;
    } catch (RuntimeException | Error e) {
      computation.interrupt();
      throw e;
    } finally {
      watch.remove(this);
    }
  }

  /** Has the guest share its core, if it should, and wakes the caller once its time is over. */
  void look() {
    computation.share();
    if (!overdue && left() <= 0) {
      overdue = true;
      call.messages.add(new ServletCall.Overdue());
    }
  }

  /** How much of its time is left, in nanoseconds. */
  private long left() {
    var now = System.nanoTime();
    return Math.min(end + call.core.waited() - now, deadline - now);
  }

  /**
   * Interrupts the guest and waits until it has ended, so that no part of a cancelled call
   * continues.
   */
  private void end() {
    computation.interrupt();
    var deadline = System.nanoTime() + GRACE_NANOS;
    var ended = false;
    while (!ended) {
      try {
        var left = deadline - System.nanoTime();
        ended = computation.endsWithin(left) || left <= 0;
      } catch (InterruptedException again) {
        // The call is being cancelled already, and await() throws for its caller.
      }
    }
  }

  private void send(ServletCall.Http request, long left) throws InterruptedException {
    var begun = System.nanoTime();
    var host = ToolEgress.hostOf(request.url());
    var method = request.method().toUpperCase(Locale.ROOT);
    try {
      var answer =
          http.send(
              new GuardedHttp.Request(
                  request.method(),
                  request.url(),
                  request.headers(),
                  request.body(),
                  call.grant.hosts(),
                  Duration.ofNanos(left),
                  call.limits.response()));
      log.request(
          ToolEgress.answered(host, method, answer.status(), answer.body().length, since(begun)));
      request.answer().complete(answer);
    } catch (EgressRefusedException e) {
      log.request(ToolEgress.refused(host, method, since(begun), String.valueOf(e.getMessage())));
      request.answer().completeExceptionally(e);
    } catch (IOException | IllegalArgumentException e) {
      log.request(ToolEgress.failed(host, method, since(begun), String.valueOf(e.getMessage())));
      request.answer().completeExceptionally(e);
    } catch (RuntimeException e) {
      request.answer().completeExceptionally(new IOException("it could not be made.", e));
    }
  }

  private static long since(long begun) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  /** Interrupts the guest, and passes on what it logs until it ends. */
  private void stop() throws InterruptedException {
    computation.interrupt();
    var deadline = System.nanoTime() + GRACE_NANOS;
    while (true) {
      var left = deadline - System.nanoTime();
      switch (left <= 0 ? null : call.messages.poll(left, TimeUnit.NANOSECONDS)) {
        case null -> {
          return;
        }
        case ServletCall.LogLine line -> log.line(line.level(), line.text());
        case ServletCall.Http request -> request.answer().cancel(false);
        case ServletCall.Ended _ -> {
          return;
        }
        case ServletCall.Overdue _ -> {}
      }
    }
  }
}
