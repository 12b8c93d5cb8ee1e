package dev.errand.automation.trigger;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.CloudEvent;
import dev.errand.base.http.PathId;
import dev.errand.base.http.Traces;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.entry.RunCauseCodec;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts the runs of deliveries, or finds those that they started before. A run of a callback of
 * this service is one level deeper than the run that the callback reports.
 */
@ApplicationScoped
class TriggerDeliveryRuns {
  private final RunStarter starter;
  private final RunArchive archive;
  private final OwnWebhooks own;
  private final RunCauseCodec causes;
  private final Traces traces;

  TriggerDeliveryRuns(
      RunStarter starter,
      RunArchive archive,
      OwnWebhooks own,
      RunCauseCodec causes,
      Traces traces) {
    this.starter = starter;
    this.archive = archive;
    this.own = own;
    this.causes = causes;
    this.traces = traces;
  }

  /** A delivery that is repeated, and who repeats it. */
  record Replay(long of, RunCause.By by) {}

  /**
   * Starts the run of that name, or finds the existing one.
   *
   * @param replay the delivery that is repeated; null for a new one
   * @throws ApiException when it can't be started
   */
  RunStarter.StartedRun start(
      TriggerSnapshot trigger,
      String name,
      Fields fields,
      TriggerDeliveryContent content,
      @Nullable Replay replay) {
    TaskSnapshot task = trigger.task();
    CloudEvent event = content.event();
    RunCause cause =
        new RunCause.Webhook(
            trigger.name(),
            trigger.scheme().code(),
            identity(event),
            replay == null ? null : replay.of(),
            replay == null ? null : replay.by());
    Optional<Run> known = archive.find(task.id(), name);
    if (known.isPresent()) {
      return starter.known(task, known.get(), cause, content.parameters().toString());
    }
    if (event != null && event.traceparent() != null) {
      traces.causedBy(event.traceparent());
    }
    int depth = depth(fields);
    return starter.start(
        task,
        new RunStarter.Order(
            name,
            content.parameters(),
            content.payload(),
            trigger.filter().values(fields),
            cause,
            depth,
            null,
            null,
            null,
            null));
  }

  private static RunCause.@Nullable Event identity(@Nullable CloudEvent event) {
    return event == null
        ? null
        : new RunCause.Event(event.id(), event.source(), event.type(), event.subject());
  }

  /** Whether this trigger started the run, rather than an earlier trigger of the same name. */
  boolean isOf(TriggerSnapshot trigger, RunStarter.StartedRun started) {
    if (started.started()) {
      return true;
    }
    Run run = started.run();
    return causes.read(run.trigger()) instanceof RunCause.Webhook cause
        && cause.trigger().equals(trigger.name())
        && !run.createdAt().isBefore(trigger.createdAt());
  }

  // A run that is started by a callback of this service is one level deeper than the run that it
  // reports, or a task that calls its own trigger would never stop.
  private int depth(Fields fields) {
    return fields
        .first("webhook-id")
        .flatMap(TriggerDeliveryRuns::uuid)
        .map(own::depthOf)
        .filter(OptionalInt::isPresent)
        .map(above -> above.getAsInt() + 1)
        .orElse(0);
  }

  private static Optional<UUID> uuid(String text) {
    return text.length() == 36 ? PathId.of(text) : Optional.empty();
  }

  /** The name for the replay of a delivery: that of its run, unless it is taken. */
  String nameOfReplay(TriggerSnapshot trigger, TriggerDelivery delivery) {
    String name = delivery.runName();
    return name == null || archive.isTaken(trigger.task().id(), name)
        ? TriggerDeliveryRunNames.fresh()
        : name;
  }
}
