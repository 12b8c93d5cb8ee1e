package dev.errand.tools.install;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.user.UserDeletion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * Observes the deletion of a user: deletes their servlets, which a later user of the same name
 * would own, or refuses the deletion while others use one.
 */
@ApplicationScoped
class ServletsOfDeletedUsers {
  private final Sql sql;

  ServletsOfDeletedUsers(Sql sql) {
    this.sql = sql;
  }

  void on(@Observes UserDeletion deletion) {
    List<String> used =
        sql.statement(RemovalStatements.USED_BY_OTHERS)
            .with("owner", deletion.username())
            .with("account_id", deletion.userId())
            .list(row -> row.text("slug"));
    if (!used.isEmpty()) {
      throw new ApiException(
          ErrorCode.SERVLET_IN_USE,
          "Others have installed servlets of %s, who can only be deleted after these are uninstalled: %s."
              .formatted(deletion.username(), String.join(", ", used)));
    }
    sql.statement(RemovalStatements.UNINSTALL_ALL).with("account_id", deletion.userId()).update();
    List<String> addresses =
        sql.statement(RemovalStatements.VERSIONS_OF_OWNER)
            .with("owner", deletion.username())
            .list(row -> row.text("address"));
    sql.statement(RemovalStatements.DELETE_OF_OWNER).with("owner", deletion.username()).update();
    sql.statement(RemovalStatements.DELETE_BYTES).with("addresses", "text", addresses).update();
  }
}
