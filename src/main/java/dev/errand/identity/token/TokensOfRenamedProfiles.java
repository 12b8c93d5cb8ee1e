package dev.errand.identity.token;

import dev.errand.base.database.Sql;
import dev.errand.identity.profile.ProfileRenamed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Observes that a profile was renamed: tokens that are limited to its tasks stay limited to them,
 * and do not cover the tasks of a later profile of the former name.
 */
@ApplicationScoped
class TokensOfRenamedProfiles {
  private final Sql sql;

  TokensOfRenamedProfiles(Sql sql) {
    this.sql = sql;
  }

  void on(@Observes ProfileRenamed renamed) {
    sql.statement(TokenStatements.RENAME_TASKS)
        .with("before", renamed.before() + "/")
        .with("now", renamed.now() + "/")
        .run();
  }
}
