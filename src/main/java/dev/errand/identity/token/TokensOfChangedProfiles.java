package dev.errand.identity.token;

import dev.errand.base.database.Sql;
import dev.errand.identity.profile.ProfileDeletion;
import dev.errand.identity.profile.ProfileRenamed;
import dev.errand.identity.user.UserDeletion;
import dev.errand.identity.user.UserDisabled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Observes that a profile was renamed or deleted, or its user: tokens that are limited to its tasks
 * stay limited to them, and do not cover the tasks of a later profile of the same name. Those of a
 * user who is disabled end.
 */
@ApplicationScoped
class TokensOfChangedProfiles {
  private final Sql sql;

  TokensOfChangedProfiles(Sql sql) {
    this.sql = sql;
  }

  void on(@Observes ProfileRenamed renamed) {
    rename(renamed.before() + "/", renamed.now() + "/");
  }

  // A name that no profile can have, so that a later profile of the same name is not covered.
  void on(@Observes ProfileDeletion deletion) {
    rename(deletion.slug() + "/", "deleted " + deletion.profileId() + "/");
  }

  void on(@Observes UserDeletion deletion) {
    rename(deletion.username() + "/", "deleted " + deletion.userId() + "/");
  }

  void end(@Observes UserDisabled user) {
    Token.delete("accountId", user.id());
  }

  private void rename(String before, String now) {
    sql.statement(TokenStatements.RENAME_TASKS).with("before", before).with("now", now).run();
  }
}
