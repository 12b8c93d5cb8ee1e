package dev.errand.automation.notice;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.NameRule;
import dev.errand.base.http.Tagged;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileStore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores the notices of profiles. */
@ApplicationScoped
class NoticeStore {
  private static final String SHOWN =
      "SELECT "
          + NoticeSnapshot.COLUMNS
          + ", (SELECT coalesce(sum(number), 0) FROM notice_held WHERE notice_id = notice.id) AS held"
          + " FROM "
          + NoticeSnapshot.WITH_CHANNEL
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

  // What it told before it was off counts no more.
  private static final String BEGIN_ANEW = "DELETE FROM notice_failing WHERE notice_id = :id";

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
  @RegisterForReflection
  record Stored(NoticeSnapshot notice, long held) {
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
    return sql.statement(OF_PROFILE).with("profile_id", profile.id()).list(Stored.class);
  }

  Optional<Stored> find(Profile profile, String name) {
    return sql.statement(NAMED)
        .with("profile_id", profile.id())
        .by("name", name)
        .first(Stored.class);
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
    wrong.add(() -> checkChannel(profile, wanted.channel()));
    wrong.refuse();
    Instant now = clock.instant();
    Notice notice = Notice.of(profile, name).orElse(null);
    if (notice == null) {
      checkNumber(profile);
      notice = Notice.named(profile.id(), name, now);
    } else if (!notice.settings.enabled()) {
      sql.statement(BEGIN_ANEW).with("id", notice.id).run();
    }
    notice.settings = wanted.sorted();
    notice.modifiedAt = now;
    notice.etag = Tagged.fresh();
    notice.persistAndFlush();
  }

  private void checkChannel(Profile profile, String name) {
    List<String> known =
        sql.statement(CHANNELS).with("profile_id", profile.id()).list(row -> row.text("name"));
    if (!known.contains(name)) {
      throw ApiException.invalid(
          "channel",
          known.isEmpty()
              ? "names no channel: the profile has none, register one first"
              : "must be a channel of the profile: " + String.join(", ", known));
    }
  }

  private void checkNumber(Profile profile) {
    if (Notice.count("profileId", profile.id()) >= config.perProfile()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_NOTICES,
          "The profile %s has %s notices, the limit set by errand.notice.per-profile: delete some."
              .formatted(profile.slug(), config.perProfile()));
    }
  }

  /** Deletes a notice with its deliveries. */
  @Transactional(Transactional.TxType.MANDATORY)
  void delete(NoticeSnapshot notice) {
    Notice.delete("id", notice.id());
  }
}
