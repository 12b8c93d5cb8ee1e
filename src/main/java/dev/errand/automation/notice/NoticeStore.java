package dev.errand.automation.notice;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.NameRule;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores the notices of profiles. */
@ApplicationScoped
class NoticeStore {
  private static final String SHOWN =
      "SELECT "
          + Notice.COLUMNS
          + ", (SELECT coalesce(sum(number), 0) FROM notice_held WHERE notice_id = notice.id) AS held"
          + " FROM "
          + Notice.WITH_CHANNEL
          + "WHERE notice.profile_id = :profile_id ";

  private static final String OF_PROFILE = SHOWN + "ORDER BY notice.name";

  // The names of tasks are the only large part.
  private static final String SIZE =
      """
      SELECT coalesce(sum(octet_length(array_to_string(tasks, ','))), 0) AS bytes FROM notice
      WHERE profile_id = :profile_id
      """;

  private static final String NAMED = SHOWN + "AND notice.name = :name";

  private static final String CHANNELS =
      "SELECT name FROM channel WHERE profile_id = :profile_id ORDER BY name";

  private static final String COUNT =
      "SELECT count(*) AS number FROM notice WHERE profile_id = :profile_id";

  private static final String ADD =
      """
      INSERT INTO notice (id, profile_id, name, events, channel, tasks, errors_in_a_row,
        at_most_per_hour, include, enabled, created_at, modified_at)
      VALUES (:id, :profile_id, :name, :events, :channel, nullif(:tasks::text[], '{}'),
        :errors_in_a_row, :at_most_per_hour, :include, :enabled, :now, :now)
      """;

  private static final String CHANGE =
      """
      UPDATE notice SET events = :events, channel = :channel, tasks = nullif(:tasks::text[], '{}'),
        errors_in_a_row = :errors_in_a_row, at_most_per_hour = :at_most_per_hour,
        include = :include, enabled = :enabled, modified_at = :now
      WHERE id = :id
      """;

  // What it told before it was off counts no more.
  private static final String BEGIN_ANEW = "DELETE FROM notice_failing WHERE notice_id = :id";

  private static final String DELETE = "DELETE FROM notice WHERE id = :id";

  private final ProfileStore profiles;
  private final Sql sql;
  private final Clock clock;
  private final NoticeConfig config;

  NoticeStore(ProfileStore profiles, Sql sql, Clock clock, NoticeConfig config) {
    this.profiles = profiles;
    this.sql = sql;
    this.clock = clock;
    this.config = config;
  }

  /** A stored notice. */
  record Stored(Notice notice, long held) {
    static Stored of(Row row) {
      return new Stored(Notice.of(row), row.number("held"));
    }

    NoticeView view() {
      return NoticeView.of(notice, held);
    }
  }

  /** How many bytes of texts the notices of a profile have. */
  long size(Profile profile) {
    return sql.statement(SIZE).with("profile_id", profile.id()).one(row -> row.number("bytes"));
  }

  /** The notices of a profile, by name. */
  List<Stored> list(Profile profile) {
    return sql.statement(OF_PROFILE).with("profile_id", profile.id()).list(Stored::of);
  }

  Optional<Stored> find(Profile profile, String name) {
    return sql.statement(NAMED).with("profile_id", profile.id()).by("name", name).first(Stored::of);
  }

  /**
   * The notice of that name.
   *
   * @throws ApiException {@link ErrorCode#NOTICE_NOT_FOUND}
   */
  Stored require(Profile profile, String name) {
    return find(profile, name)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOTICE_NOT_FOUND,
                    "The profile " + profile.slug() + " has no notice " + name + "."));
  }

  /** Makes changes that count a profile's notices wait for each other. */
  @Transactional(Transactional.TxType.MANDATORY)
  void lock(Profile profile) {
    profiles.lock(profile);
  }

  /**
   * Creates a notice, or replaces everything of it, while its profile is locked.
   *
   * @throws ApiException when the request is not valid, or {@link ErrorCode#TOO_MANY_NOTICES}
   */
  @Transactional(Transactional.TxType.MANDATORY)
  void put(Profile profile, String name, NoticeSettings wanted) {
    InvalidFields wrong = new InvalidFields();
    wrong.add(() -> NameRule.PLAIN.check("name", "of a notice is", name));
    wrong.add(wanted::check);
    String channel = wrong.last(() -> knownChannel(profile, wanted.channel()));
    Notice known = find(profile, name).map(Stored::notice).orElse(null);
    if (known == null) {
      checkNumber(profile);
    } else if (!known.settings().enabled()) {
      sql.statement(BEGIN_ANEW).with("id", known.id()).run();
    }
    UUID id = known == null ? UUID.randomUUID() : known.id();
    SqlStatement statement = sql.statement(known == null ? ADD : CHANGE);
    if (known == null) {
      statement.with("profile_id", profile.id()).with("name", name);
    }
    statement
        .with("id", id)
        .with("events", "text", wanted.events())
        .with("channel", channel)
        .with("tasks", "text", sorted(wanted.tasks()))
        .with("errors_in_a_row", wanted.errorsInARow())
        .with("at_most_per_hour", wanted.atMostPerHour())
        .with("include", "text", wanted.include())
        .with("enabled", wanted.enabled())
        .with("now", clock.instant())
        .update();
  }

  private static List<String> sorted(@Nullable List<String> tasks) {
    return tasks == null ? List.of() : tasks.stream().distinct().sorted().toList();
  }

  private String knownChannel(Profile profile, String name) {
    List<String> known =
        sql.statement(CHANNELS).with("profile_id", profile.id()).list(row -> row.text("name"));
    if (!known.contains(name)) {
      throw ApiException.invalid(
          "channel",
          known.isEmpty()
              ? "names no channel: the profile has none, register one first"
              : "must be a channel of the profile: " + String.join(", ", known));
    }
    return name;
  }

  private void checkNumber(Profile profile) {
    long number =
        sql.statement(COUNT).with("profile_id", profile.id()).one(row -> row.number("number"));
    if (number >= config.perProfile()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_NOTICES,
          "The profile %s has %s notices, the limit set by errand.notice.per-profile: delete some."
              .formatted(profile.slug(), config.perProfile()));
    }
  }

  /** Deletes a notice with its deliveries. */
  @Transactional(Transactional.TxType.MANDATORY)
  void delete(Notice notice) {
    sql.statement(DELETE).with("id", notice.id()).update();
  }
}
