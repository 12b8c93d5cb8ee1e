package dev.errand.runs.task;

import dev.errand.identity.account.SessionJoin;
import dev.errand.runs.provider.TaskProvider;
import dev.errand.tools.install.ProfileToolbox.Offered;

/** The SQL that reads a task with its profile and owner, and its key. */
final class TaskStatements {
  private static final String READ = "SELECT " + TaskSnapshot.COLUMNS;

  private static final String OF_ACCOUNT =
      READ
          + """
          FROM account JOIN profile ON profile.account_id = account.id
          JOIN task ON task.profile_id = profile.id
          """
          + TaskProvider.JOIN
          + " WHERE task.deleted_at IS NULL AND ";

  static final String OF_OWNER =
      OF_ACCOUNT + "account.id = :owner_id AND profile.name = :profile AND task.name = :task";

  private static final String ALL = OF_ACCOUNT + "profile.id = :profile_id AND ";

  static final String OF_PROFILE = ALL + "task.name = :task";

  private static final String AFTER =
      """
      task.name > :after AND (cardinality(:names::text[]) = 0 OR task.name = ANY (:names))
      ORDER BY task.name LIMIT :most
      """;

  static final String SOME = ALL + AFTER;

  static final String SIZES =
      """
      SELECT octet_length(runner_settings) + octet_length(settings) AS bytes
      FROM task WHERE profile_id = :profile_id AND deleted_at IS NULL AND
      """
          + AFTER;

  static final String EXISTS =
      "SELECT FROM task WHERE profile_id = :profile_id AND name = :name AND deleted_at IS NULL";

  static final String NAMES =
      """
      SELECT name, enabled FROM task WHERE profile_id = :profile_id AND deleted_at IS NULL
      ORDER BY name
      """;

  /** The name of a task, which may be deleted. */
  static final String NAME = "SELECT name FROM task WHERE id = :id";

  /** A session or a token, and a task of its user. */
  static final SessionJoin.Statements OF_SESSION =
      SessionJoin.sql(
          TaskSnapshot.COLUMNS,
          """
          LEFT JOIN profile ON profile.account_id = account.id AND profile.name = :profile
          LEFT JOIN task ON task.profile_id = profile.id AND task.name = :task
            AND task.deleted_at IS NULL
          """
              + TaskProvider.JOIN);

  static final String BY_IDS =
      READ
          + """
          FROM unnest(:ids::uuid[]) AS wanted (id) JOIN task ON task.id = wanted.id
          JOIN profile ON profile.id = task.profile_id
          JOIN account ON account.id = profile.account_id
          """
          + TaskProvider.JOIN;

  // A task with a provider does not have its own key.
  private static final String KEY_COLUMNS =
      """
      task.provider_id, coalesce(provider.runner, task.runner) AS runner,
      coalesce(provider.key_sealed, task.key_sealed) AS key_sealed,
      coalesce(provider.base_url, task.key_url) AS key_url,
      num_nonnulls(provider.requests_per_minute, provider.tokens_per_minute, provider.concurrency)
        > 0 AS rated, provider.tokens_per_minute IS NOT NULL AS rates_tokens
      """;

  /** The key with the server that it is for, of the task or of its provider. */
  static final String KEY =
      "SELECT "
          + KEY_COLUMNS
          + " FROM task"
          + TaskProvider.JOIN
          + "WHERE task.id = :id AND task.deleted_at IS NULL";

  /** What the rate of a provider has, which may be deleted. */
  static final String RATE =
      """
      SELECT count(*) FILTER (WHERE
          num_nonnulls(requests_per_minute, tokens_per_minute, concurrency) > 0) > 0 AS rated,
        count(tokens_per_minute) > 0 AS rates_tokens
      FROM provider WHERE id = :provider
      """;

  /** The same of tasks, once for each installation of its profile, or once where there is none. */
  static final String KEYS_AND_TOOLS =
      "SELECT task.id AS task_id, has_budget(task.profile_id) AS budgeted, "
          + KEY_COLUMNS
          + ", "
          + Offered.COLUMNS
          + " FROM task"
          + TaskProvider.JOIN
          + "LEFT JOIN ("
          + Offered.TABLES
          + """
          ) ON installation.profile_id = task.profile_id
          WHERE task.id = ANY (:ids::uuid[]) AND task.deleted_at IS NULL
          ORDER BY task.id, installation
          """;

  private TaskStatements() {}
}
