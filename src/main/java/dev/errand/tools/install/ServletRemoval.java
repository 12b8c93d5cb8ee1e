package dev.errand.tools.install;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.stream.Collectors;

/** Deletes servlets that are not installed anywhere, with their versions and bytes. */
@ApplicationScoped
public class ServletRemoval {
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
    List<Use> uses =
        sql.statement(RemovalStatements.USES)
            .with("servlet_id", servlet.id)
            .list(row -> new Use(row.text("username"), row.text("profile"), row.text("name")));
    if (!uses.isEmpty()) {
      throw new ApiException(ErrorCode.SERVLET_IN_USE, inUse(caller, servlet, uses));
    }
    List<String> addresses =
        sql.statement(RemovalStatements.VERSIONS)
            .with("servlet_id", servlet.id)
            .list(row -> row.text("address"));
    sql.statement(RemovalStatements.DELETE).with("servlet_id", servlet.id).update();
    sql.statement(RemovalStatements.DELETE_BYTES).with("addresses", "text", addresses).update();
    audit.record(caller, AuditAction.SERVLET_DELETED, servlet.path(), servlet.described(), null);
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
