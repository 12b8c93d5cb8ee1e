package dev.errand.runs.rate;

import dev.errand.models.port.Assignment;
import dev.errand.models.port.Pace;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.rate.RateIds.Ids;
import dev.errand.runs.task.TaskKeys.KeyRate;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** When one attempt of a run may ask its model. */
public final class RunPace implements Pace {
  private static final Logger LOG = Logger.getLogger(RunPace.class);
  private static final long BETWEEN_LESSONS_NANOS = Duration.ofSeconds(1).toNanos();

  private final RateLine line;
  private final KnownRates known;
  private final Claim claim;
  private @Nullable Assignment assignment;
  private @Nullable Function<UUID, KeyRate> rates;
  private @Nullable KeyRate given;
  private @Nullable Ids ids;
  private long heard;
  private long call;
  private boolean holds;
  private @Nullable RateLimits limits;
  private long learned;

  RunPace(RateLine line, KnownRates known, Claim claim) {
    this.line = line;
    this.known = known;
    this.claim = claim;
  }

  /** How often given rates may have changed before {@link #begin} was told of that of its key. */
  public long changesBefore() {
    return known.givenChanges();
  }

  /**
   * Tells what it asks, and the rate of its key.
   *
   * @param keyRate that of its provider; null where its task has a key of its own
   * @param reading reads the present one
   * @param changesBefore what {@link #changesBefore} was before that was read
   */
  public void begin(
      Assignment asked,
      @Nullable KeyRate keyRate,
      Function<UUID, KeyRate> reading,
      long changesBefore) {
    assignment = asked;
    given = keyRate;
    rates = reading;
    heard = changesBefore;
  }

  @Override
  public boolean isLimited() {
    KeyRate rate = given;
    long changes = known.givenChanges();
    if (rate != null && changes != heard) {
      rate = Objects.requireNonNull(rates).apply(rate.provider());
      given = rate;
      heard = changes;
    }
    return (rate != null && rate.isGiven()) || (known.isAny() && known.has(ids().model()));
  }

  @Override
  public boolean countsTokens() {
    KeyRate rate = given;
    return (rate != null && rate.countsTokens())
        || (known.isAny() && known.countsTokens(ids().model()));
  }

  private Ids ids() {
    Ids found = ids;
    if (found == null) {
      found = line.ids(Objects.requireNonNull(assignment));
      ids = found;
    }
    return found;
  }

  @Override
  public Permit take(long tokens) throws InterruptedException {
    KeyRate rate = given;
    call = ThreadLocalRandom.current().nextLong();
    RateLine.Place place =
        line.take(claim, call, ids(), rate == null ? null : rate.provider(), tokens);
    holds = place.holds();
    return place.goes() ? new Go(place.in()) : new InLine(place.until());
  }

  @Override
  public void ended(@Nullable Long tokens) {
    if (holds) {
      holds = false;
      line.end(new RateLine.EndedCall(claim.runId(), call, tokens));
    }
  }

  @Override
  public void told(RateLimits said, boolean isRefused) {
    if (isRefused) {
      limits = said;
    } else {
      learn(said);
    }
  }

  private void learn(RateLimits said) {
    long now = System.nanoTime();
    if (known.has(ids().model()) && now - learned < BETWEEN_LESSONS_NANOS) {
      return;
    }
    learned = now;
    try {
      line.learn(ids().model(), said);
    } catch (RuntimeException e) {
      LOG.debugf("The limits of a model's server were not noted: %s", e.getMessage());
    }
  }

  @Override
  public void refused(@Nullable Duration askedToWait) {
    RateLimits said = limits;
    limits = null;
    Duration wait = askedToWait != null || said == null ? askedToWait : said.next();
    try {
      line.pause(ids().model(), wait, said);
    } catch (RuntimeException e) {
      LOG.debugf("A pause for a model's server was not noted: %s", e.getMessage());
    }
  }
}
