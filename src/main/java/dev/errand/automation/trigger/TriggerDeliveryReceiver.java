package dev.errand.automation.trigger;

import dev.errand.automation.trigger.TriggerDelivery.Verdict;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import dev.errand.base.json.WellFormed;
import dev.errand.base.limit.ParsedTexts;
import dev.errand.identity.account.Caller;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Processes deliveries: verifies the signature, starts the run and records the result. A delivery
 * without a valid signature starts nothing and counts only against the rate of its sender.
 */
@ApplicationScoped
class TriggerDeliveryReceiver {
  private static final Logger LOG = Logger.getLogger(TriggerDeliveryReceiver.class);
  private static final int LONGEST_NOTE = 500;
  private static final int LONGEST_EVENT = 100;

  private final TriggerAddress addresses;
  private final TriggerStore store;
  private final TriggerDeliveryConditions conditions;
  private final SenderRates senders;
  private final TriggerDeliveryLog log;
  private final TriggerFailures failures;
  private final TriggerDeliveryRuns runs;
  private final ParsedTexts texts;
  private final Clock clock;

  TriggerDeliveryReceiver(
      TriggerAddress addresses,
      TriggerStore store,
      TriggerDeliveryConditions conditions,
      SenderRates senders,
      TriggerDeliveryLog log,
      TriggerFailures failures,
      TriggerDeliveryRuns runs,
      ParsedTexts texts,
      Clock clock) {
    this.addresses = addresses;
    this.store = store;
    this.conditions = conditions;
    this.senders = senders;
    this.log = log;
    this.failures = failures;
    this.runs = runs;
    this.texts = texts;
    this.clock = clock;
  }

  /** The result of an accepted delivery. */
  sealed interface Received {
    /**
     * A run was started or found.
     *
     * @param trigger the trigger, from which the run's address is built
     * @param own whether this trigger started it, now or before; otherwise the answer has only the
     *     run's address, because the sender may have guessed its name
     * @param otherParameters whether it was found, and has other parameters than the delivery
     */
    record Started(TriggerSnapshot trigger, Run run, boolean own, boolean otherParameters)
        implements Received {}

    /** It does not meet the trigger's condition: nothing was started. */
    record Filtered() implements Received {}

    /** A verification challenge, to which the answer proves the ownership of the address. */
    record Challenged(String challenge) implements Received {}
  }

  /**
   * Checks that an address was issued by this server, without the database.
   *
   * @throws ApiException when it was not
   */
  void checkAddress(String token) {
    UUID _ = id(token);
  }

  /**
   * Processes a delivery.
   *
   * @throws ApiException when it starts nothing
   */
  Received receive(String token, HookRequest incoming) {
    TriggerSnapshot trigger = at(token);
    SignatureScheme scheme = trigger.scheme();
    try {
      checkSize(trigger, incoming);
      Signatures.check(
          scheme,
          incoming,
          new Signatures.Verification(
              store.secrets(trigger), clock.instant(), trigger.settings().tolerance()));
    } catch (SignatureRefusedException e) {
      throw refused(trigger, incoming, signatureRefused(scheme, e));
    } catch (ApiException e) {
      throw refused(trigger, incoming, e);
    }
    Optional<Duration> wait = log.admit(trigger.id());
    if (wait.isPresent()) {
      throw refused(
          trigger,
          incoming,
          tooOften(
              "The trigger accepts "
                  + trigger.settings().ratePerMinute()
                  + " deliveries per minute.",
              wait.get()));
    }
    return take(trigger, incoming, null, null);
  }

  /**
   * Replays a delivery that was verified when it was received. Its run keeps the name, unless that
   * is taken.
   *
   * @throws ApiException when it starts nothing
   */
  Received.Started replay(
      Caller caller, TriggerSnapshot trigger, TriggerDelivery delivery, HookRequest kept) {
    return (Received.Started)
        take(
            trigger,
            kept,
            runs.nameOfReplay(trigger, delivery),
            new TriggerDeliveryRuns.Replay(delivery.id(), RunCause.By.of(caller)));
  }

  private TriggerSnapshot at(String token) {
    TriggerSnapshot trigger =
        store
            .live(id(token))
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.TRIGGER_GONE,
                        "This address was withdrawn: ask its owner for a new one."));
    if (trigger.settings().hasExpired(clock.instant())) {
      throw new ApiException(
          ErrorCode.TRIGGER_GONE, "This address has expired: ask its owner for a new one.");
    }
    return trigger;
  }

  private UUID id(String token) {
    return addresses
        .read(token)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is no trigger at this address: it was not issued by this server."));
  }

  private Received take(
      TriggerSnapshot trigger,
      HookRequest incoming,
      @Nullable String givenName,
      TriggerDeliveryRuns.@Nullable Replay replay) {
    Long replayOf = replay == null ? null : replay.of();
    String name = givenName;
    String event = null;
    try (ParsedTexts.Held memory = texts.open()) {
      TriggerDeliveryContent content = conditions.read(trigger, incoming, memory);
      event = content.eventName(trigger.scheme(), incoming.fields());
      Optional<String> challenge = challenge(trigger.scheme(), content);
      if (challenge.isPresent()) {
        write(trigger, incoming, new Outcome(Verdict.CHALLENGED, null, null, event, null, null));
        return new Received.Challenged(challenge.get());
      }
      if (!trigger.settings().enabled() && replayOf == null) {
        throw new ApiException(
            ErrorCode.TRIGGER_DISABLED,
            "The trigger " + trigger.name() + " is disabled: an editor can enable it.");
      }
      // A person who replays a delivery means it.
      Optional<TriggerFilter.Unmet> unmet =
          replayOf == null ? conditions.unmet(trigger, incoming, content) : Optional.empty();
      if (unmet.isPresent()) {
        write(
            trigger,
            incoming,
            new Outcome(Verdict.FILTERED, null, unmet.get().why(), event, null, null),
            unmet.get().isFailure());
        return new Received.Filtered();
      }
      name =
          name == null
              ? TriggerDeliveryRunNames.choose(trigger.id(), trigger.scheme(), incoming, content)
              : name;
      RunStarter.StartedRun started = runs.start(trigger, name, incoming.fields(), content, replay);
      write(
          trigger,
          incoming,
          new Outcome(
              started.started() ? Verdict.STARTED : Verdict.KNOWN,
              null,
              null,
              event,
              name,
              replayOf));
      return new Received.Started(
          trigger, started.run(), runs.isOf(trigger, started), started.otherParameters());
    } catch (ApiException e) {
      write(
          trigger,
          incoming,
          new Outcome(Verdict.FAILED, e.code(), e.getMessage(), event, name, replayOf));
      throw e;
    } catch (RuntimeException e) {
      ApiException internal =
          new ApiException(ErrorCode.INTERNAL, "An internal error occurred; see the server's log.");
      write(
          trigger,
          incoming,
          new Outcome(
              Verdict.FAILED, internal.code(), internal.getMessage(), event, name, replayOf));
      throw e;
    }
  }

  private static Optional<String> challenge(
      SignatureScheme scheme, TriggerDeliveryContent content) {
    return scheme == SignatureScheme.SLACK
            && content.text("type").filter("url_verification"::equals).isPresent()
        ? content.text("challenge")
        : Optional.empty();
  }

  private static void checkSize(TriggerSnapshot trigger, HookRequest incoming) {
    if (incoming.body().length > trigger.settings().maxBodyBytes()) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The body has more than the "
              + trigger.settings().maxBodyBytes()
              + " bytes that the trigger accepts.");
    }
  }

  private static ApiException signatureRefused(
      SignatureScheme scheme, SignatureRefusedException e) {
    String challenge = scheme == SignatureScheme.BEARER ? "Bearer" : "Webhook";
    return new ApiException(
        ErrorCode.SIGNATURE_REFUSED,
        e.getMessage() + " Nothing was started.",
        List.of(),
        Map.of(
            "WWW-Authenticate", challenge + " realm=\"errand\", scheme=\"" + scheme.code() + "\""));
  }

  private static ApiException tooOften(String sentence, Duration wait) {
    return ApiException.retryLater(
        ErrorCode.RATE_LIMITED, sentence + " Retry in " + RetryDelay.seconds(wait) + " s.", wait);
  }

  private ApiException refused(TriggerSnapshot trigger, HookRequest incoming, ApiException e) {
    Optional<Duration> wait = senders.count(trigger.id() + " " + incoming.sender());
    if (wait.isPresent()) {
      return e.code() == ErrorCode.RATE_LIMITED
          ? e
          : tooOften(
              "Too many deliveries from your address were refused within a minute.", wait.get());
    }
    write(
        trigger,
        incoming,
        new Outcome(Verdict.REFUSED, e.code(), e.getMessage(), null, null, null));
    return e;
  }

  /** What became of a delivery; null for what it has not, or is not known by then. */
  private record Outcome(
      Verdict verdict,
      @Nullable ErrorCode code,
      @Nullable String why,
      @Nullable String event,
      @Nullable String runName,
      @Nullable Long replayOf) {}

  private void write(TriggerSnapshot trigger, HookRequest incoming, Outcome outcome) {
    write(trigger, incoming, outcome, false);
  }

  // A failure to record the delivery must not change its result.
  private void write(
      TriggerSnapshot trigger, HookRequest incoming, Outcome outcome, boolean conditionFailed) {
    try {
      failures.add(
          trigger,
          incoming,
          new TriggerDelivery(
              0,
              Instant.EPOCH,
              incoming.sender(),
              outcome.verdict,
              outcome.code == null ? null : outcome.code.code(),
              outcome.why == null ? null : note(outcome.why),
              name(outcome.event),
              outcome.runName,
              incoming
                  .fields()
                  .first("content-type")
                  .map(TriggerDeliveryReceiver::note)
                  .orElse(null),
              incoming.body().length,
              false,
              outcome.replayOf),
          conditionFailed);
    } catch (RuntimeException e) {
      LOG.warnf(
          "A delivery to the trigger %s could not be recorded: %s", trigger.id(), e.getMessage());
    }
  }

  private static @Nullable String name(@Nullable String event) {
    return event == null || event.isEmpty()
        ? null
        : WellFormed.cut(StorableText.of(event), LONGEST_EVENT);
  }

  private static String note(String text) {
    return WellFormed.cut(StorableText.of(text), LONGEST_NOTE);
  }
}
