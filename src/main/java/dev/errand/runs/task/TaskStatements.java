package dev.errand.runs.task;

import dev.errand.identity.account.SessionJoin;
import dev.errand.runs.provider.Provider;
import dev.errand.tools.install.ProfileToolbox.Offered;

/** The SQL that reads a task with its profile and owner, and its key. */
final class TaskStatements {
  private static final String COLUMNS =
      """
      account.id AS owner_id, account.username AS owner, account.created_at AS owner_created_at,
      account.disabled_at AS owner_disabled_at,
      profile.id AS profile_id, profile.name AS profile, profile.description, profile.is_public,
      profile.created_at AS profile_created_at, profile.modified_at AS profile_modified_at,
      profile.paused_at,
      task.id AS task_id, task.name AS task, task.runner, task.runner_settings, task.settings,
      task.key_sealed, task.key_hint, task.key_url, task.enabled, task.created_at,
      task.modified_at, task.made_by,
      """
          + Provider.COLUMNS;

  /** A task of an account. */
  static final String OF_OWNER =
      "SELECT "
          + COLUMNS
          + """
          FROM account JOIN profile ON profile.account_id = account.id
          JOIN task ON task.profile_id = profile.id
          """
          + Provider.JOIN
          + """
          WHERE account.id = :owner_id AND profile.name = :profile AND task.name = :task
            AND task.deleted_at IS NULL
          """;

  /** A session or a token, and a task of its user. */
  static final SessionJoin.Statements OF_SESSION =
      SessionJoin.sql(
          COLUMNS,
          """
          LEFT JOIN profile ON profile.account_id = account.id AND profile.name = :profile
          LEFT JOIN task ON task.profile_id = profile.id AND task.name = :task
            AND task.deleted_at IS NULL
          """
              + Provider.JOIN);

  /** Tasks by their ids. */
  static final String BY_IDS =
      "SELECT "
          + COLUMNS
          + """
          FROM unnest(:ids::uuid[]) AS wanted (id) JOIN task ON task.id = wanted.id
          JOIN profile ON profile.id = task.profile_id
          JOIN account ON account.id = profile.account_id
          """
          + Provider.JOIN;

  // A task with a provider does not have its own key.
  private static final String KEY_COLUMNS =
      """
      task.provider_id, coalesce(provider.runner, task.runner) AS runner,
      coalesce(provider.key_sealed, task.key_sealed) AS key_sealed,
      coalesce(provider.base_url, task.key_url) AS key_url
      """;

  /** The key with the server that it is for, of the task or of its provider. */
  static final String KEY =
      "SELECT "
          + KEY_COLUMNS
          + " FROM task"
          + Provider.JOIN
          + "WHERE task.id = :id AND task.deleted_at IS NULL";

  /** The same, once for each installation of the task's profile, or once where there is none. */
  static final String KEY_AND_TOOLS =
      "SELECT "
          + KEY_COLUMNS
          + ", "
          + Offered.COLUMNS
          + " FROM task"
          + Provider.JOIN
          + "LEFT JOIN ("
          + Offered.TABLES
          + """
          ) ON installation.profile_id = task.profile_id
          WHERE task.id = :id AND task.deleted_at IS NULL ORDER BY installation
          """;

  private TaskStatements() {}
}
