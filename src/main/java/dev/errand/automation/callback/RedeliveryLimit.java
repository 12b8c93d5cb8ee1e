package dev.errand.automation.callback;

import dev.errand.automation.delivery.DeliveryConfig;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.UUID;

/** Limits how many deliveries of callbacks the profiles of a user have repeated in an hour. */
@ApplicationScoped
class RedeliveryLimit {
  // Until the end of the transaction, so that requests at once count each other.
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('errand.redelivery/' || :owner_id))";

  private static final String COUNT =
      """
      SELECT count(*) AS number,
        ceil(extract(epoch FROM min(at) + interval '1 hour' - now()))::integer AS pause_seconds
      FROM callback_repeated WHERE owner_id = :owner_id AND at > now() - interval '1 hour'
      """;

  private static final String ADD = "INSERT INTO callback_repeated (owner_id) VALUES (:owner_id)";

  private static final String FORGET =
      "DELETE FROM callback_repeated WHERE at <= now() - interval '1 hour'";

  private final Sql sql;
  private final DeliveryConfig config;

  RedeliveryLimit(Sql sql, DeliveryConfig config) {
    this.sql = sql;
    this.config = config;
  }

  /**
   * Counts a delivery that is repeated.
   *
   * @param ownerId the user whose profile has the callback
   * @throws ApiException {@link ErrorCode#RATE_LIMITED} where there were too many
   */
  @Transactional(Transactional.TxType.MANDATORY)
  void take(UUID ownerId) {
    sql.statement(LOCK).with("owner_id", ownerId.toString()).run();
    sql.statement(FORGET).run();
    Duration pause =
        sql.statement(COUNT)
            .with("owner_id", ownerId)
            .one(
                row ->
                    row.number("number") < config.redeliveriesPerHour()
                        ? Duration.ZERO
                        : Duration.ofSeconds(Math.max(1, row.integer("pause_seconds"))));
    if (pause.isPositive()) {
      throw ApiException.retryLater(
          ErrorCode.RATE_LIMITED,
          "The profiles of a user may have %d deliveries of callbacks repeated in an hour: try again later."
              .formatted(config.redeliveriesPerHour()),
          pause);
    }
    sql.statement(ADD).with("owner_id", ownerId).run();
  }
}
