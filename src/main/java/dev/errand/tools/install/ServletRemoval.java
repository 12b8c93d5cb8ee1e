package dev.errand.tools.install;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.user.UserDeletion;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.stream.Collectors;

/** Deletes servlets that are not installed anywhere, with their versions and bytes. */
@ApplicationScoped
public class ServletRemoval {
  private static final String USES =
      """
      SELECT username, profile.name AS profile, installation.name
      FROM installation
        JOIN profile ON profile.id = profile_id
        JOIN account ON account.id = account_id
      WHERE servlet_id = :servlet_id ORDER BY username, profile.name, installation.name LIMIT 1000
      """;

  private static final String USED_BY_OTHERS =
      """
      SELECT DISTINCT owner || '/' || servlet.name AS slug FROM servlet
        JOIN installation ON servlet_id = servlet.id
        JOIN profile ON profile.id = profile_id
      WHERE owner = :owner AND account_id <> :account_id ORDER BY slug LIMIT 10
      """;

  private static final String UNINSTALL_ALL =
      """
      DELETE FROM installation USING profile
      WHERE profile.id = profile_id AND account_id = :account_id
      """;

  private static final int MOST_SHOWN = 20;

  private final ServletCatalogue catalogue;
  private final Registry registry;
  private final Sql sql;
  private final Audit audit;

  ServletRemoval(ServletCatalogue catalogue, Registry registry, Sql sql, Audit audit) {
    this.catalogue = catalogue;
    this.registry = registry;
    this.sql = sql;
    this.audit = audit;
  }

  /** An installation of a servlet: its user, its profile, and its name there. */
  @RegisterForReflection
  private record Use(String username, String profile, String name) {}

  /**
   * Deletes a servlet.
   *
   * @throws ApiException {@link ErrorCode#SERVLET_NOT_FOUND}, {@link ErrorCode#FORBIDDEN} or {@link
   *     ErrorCode#SERVLET_IN_USE}, which names who uses it
   */
  @Transactional
  public void delete(Caller caller, String owner, String name) {
    caller.require(Scope.SERVLETS);
    Servlet servlet = catalogue.require(caller.username(), caller.nameOf(owner), name);
    ServletCatalogue.checkMayPublish(caller, owner);
    registry.holdToChange(servlet);
    List<Use> uses = sql.statement(USES).with("servlet_id", servlet.id).list(Use.class);
    if (!uses.isEmpty()) {
      throw new ApiException(ErrorCode.SERVLET_IN_USE, inUse(caller, servlet, uses));
    }
    registry.delete(servlet);
    audit.record(caller, AuditAction.SERVLET_DELETED, servlet.path(), servlet.described(), null);
  }

  /**
   * Deletes the servlets of a user who is deleted, since a later user of the same name would own
   * them; refuses it while others use one.
   */
  void on(@Observes UserDeletion deletion) {
    List<String> used =
        sql.statement(USED_BY_OTHERS)
            .with("owner", deletion.username())
            .with("account_id", deletion.userId())
            .list(row -> row.text("slug"));
    if (!used.isEmpty()) {
      throw new ApiException(
          ErrorCode.SERVLET_IN_USE,
          "Others have installed servlets of %s, who can only be deleted after these are uninstalled: %s."
              .formatted(deletion.username(), String.join(", ", used)));
    }
    sql.statement(UNINSTALL_ALL).with("account_id", deletion.userId()).update();
    registry.deleteAllOf(deletion.username());
  }

  /** For other users, only their names: the names of their profiles are private. */
  private static String inUse(Caller caller, Servlet servlet, List<Use> uses) {
    String shown =
        uses.stream()
            .map(
                use ->
                    caller.is(use.username())
                        ? use.username() + "/" + use.profile() + " as " + use.name()
                        : "the user " + use.username())
            .distinct()
            .limit(MOST_SHOWN)
            .collect(Collectors.joining(", "));
    return ("%s is installed by %s%s: uninstall it there first, or yank its versions so that nobody"
            + " installs it again.")
        .formatted(servlet.slug(), shown, uses.size() > MOST_SHOWN ? " and others" : "");
  }
}
