package dev.errand.runs.provider;

/** The SQL of providers, except for the statements that join a task's provider. */
final class ProviderStatements {
  /** Makes changes that count a user's providers wait for each other. */
  static final String LOCK_ACCOUNT = "SELECT id FROM account WHERE id = :id FOR NO KEY UPDATE";

  /** Makes changes that count a profile's providers wait for each other. */
  static final String LOCK_PROFILE = "SELECT id FROM profile WHERE id = :id FOR NO KEY UPDATE";

  /** The tasks that use each of some providers: how many, and the first ones by name. */
  static final String TASKS =
      """
      SELECT wanted.id AS provider_id, used.slug, used.tasks
      FROM unnest(:ids::uuid[]) AS wanted (id)
      CROSS JOIN LATERAL (
        SELECT account.username || '/' || profile.name || '/' || task.name AS slug,
          count(*) OVER () AS tasks
        FROM task JOIN profile ON profile.id = task.profile_id
        JOIN account ON account.id = profile.account_id
        WHERE task.provider_id = wanted.id AND task.deleted_at IS NULL
        ORDER BY slug LIMIT :most) AS used
      ORDER BY used.slug
      """;

  private ProviderStatements() {}
}
