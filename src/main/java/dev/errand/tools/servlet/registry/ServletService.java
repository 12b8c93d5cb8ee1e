package dev.errand.tools.servlet.registry;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.module.ModuleImports;
import dev.errand.tools.servlet.registry.Registry.Published;
import dev.errand.tools.servlet.registry.ServletVersions.Version;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The operations on the registry: search, get, publish, yank, fetch bytes. */
@ApplicationScoped
public class ServletService {
  private final Registry registry;
  private final ServletCatalogue catalogue;
  private final ServletVersions versions;
  private final FittingItems fitting;
  private final Audit audit;

  ServletService(
      Registry registry,
      ServletCatalogue catalogue,
      ServletVersions versions,
      FittingItems fitting,
      Audit audit) {
    this.fitting = fitting;
    this.registry = registry;
    this.catalogue = catalogue;
    this.versions = versions;
    this.audit = audit;
  }

  /**
   * A servlet with some of its versions.
   *
   * @param before the value with which the following versions are read; null where there are none
   */
  public record ServletPage(ServletView servlet, @Nullable Integer before) {}

  /** The result of a publication. */
  public record Publishing(ServletView servlet, boolean created) {}

  /**
   * The public servlets and the caller's own that match a query.
   *
   * @param query words, phrases in quotes and, after a {@code !}, excluded ones
   */
  public Listed<ServletSummary> search(Caller caller, String query, int limit, int offset) {
    caller.require(Scope.READ);
    return catalogue.search(caller.username(), ServletCatalogue.Query.of(query), limit, offset);
  }

  /**
   * One servlet with some of its versions, the newest first.
   *
   * @param before the {@link Version#publication} that the versions' are below
   * @throws ApiException {@link ErrorCode#SERVLET_NOT_FOUND}
   */
  public ServletPage get(Caller caller, String owner, String name, int before, int limit) {
    caller.require(Scope.READ);
    String of = caller.nameOf(owner);
    UUID id = transaction(() -> catalogue.require(caller.username(), of, name).id);
    Listed<Version> read =
        fitting.read(
            caller.username(),
            limit,
            versions.sizes(id, before, limit + 1),
            number -> versions.some(id, before, number));
    ServletView shown =
        transaction(
            () -> view(caller, catalogue.require(caller.username(), of, name), read.items(), null));
    return new ServletPage(shown, read.hasMore() ? read.items().getLast().publication() : null);
  }

  private static <T> T transaction(Callable<T> work) {
    return QuarkusTransaction.joiningExisting().call(work);
  }

  /**
   * Publishes bytes as the newest version.
   *
   * @param publication the publication, with its owner as the caller names it
   * @param address the content address that the caller expects; null for any
   * @throws ApiException {@link ErrorCode#FORBIDDEN} for servlets of other users, {@link
   *     ErrorCode#INVALID_SERVLET}, or when the publication is not valid
   */
  public Publishing publish(Caller caller, Publication publication, @Nullable String address)
      throws InterruptedException {
    ServletCatalogue.checkMayPublish(caller, publication.owner());
    String username = caller.username();
    ContentAddress content = publication.checkedAddress(address);
    try {
      return registry.publish(
          publication.by(username),
          kept -> {
            record(caller, kept, content);
            Servlet servlet = kept.servlet();
            return new Publishing(
                view(caller, servlet, versions.yankedNote(servlet, content)), kept.created());
          });
    } catch (InvalidServletException e) {
      throw new ApiException(ErrorCode.INVALID_SERVLET, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Yanks a version, or takes that back: no installation gets a yanked version any more, those
   * pinned to it keep it, and those that follow the newest go back to the version before.
   *
   * @throws ApiException {@link ErrorCode#SERVLET_NOT_FOUND}, {@link ErrorCode#FORBIDDEN} or {@link
   *     ErrorCode#VERSION_NOT_FOUND}
   */
  @Transactional
  public ServletView yank(
      Caller caller, String owner, String name, String address, boolean yanked) {
    caller.require(Scope.SERVLETS);
    Servlet servlet = catalogue.require(caller.username(), caller.nameOf(owner), name);
    ServletCatalogue.checkMayPublish(caller, owner);
    AuditAction action = yanked ? AuditAction.SERVLET_YANKED : AuditAction.SERVLET_UNYANKED;
    String versionsPath = servlet.path() + "/versions/";
    boolean done =
        catalogue
            .version(servlet, address)
            .filter(
                parsed ->
                    registry.yank(
                        servlet,
                        parsed,
                        yanked,
                        () ->
                            audit.record(caller, action, versionsPath + parsed.hex(), null, null)))
            .isPresent();
    if (!done) {
      throw new ApiException(
          ErrorCode.VERSION_NOT_FOUND, servlet.slug() + " has no version " + address + ".");
    }
    return view(caller, catalogue.require(caller.username(), servlet.owner, servlet.name), null);
  }

  /**
   * The bytes at an address.
   *
   * @throws ApiException {@link ErrorCode#CONTENT_NOT_FOUND}, also where the caller may not see a
   *     servlet with this version
   */
  public ServletBytes bytes(Caller caller, String address) {
    caller.require(Scope.READ);
    return ContentAddress.parse(address)
        .flatMap(parsed -> versions.bytes(parsed, caller.username()))
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.CONTENT_NOT_FOUND,
                    "There are no bytes at the address " + address + " that you may have."));
  }

  /** The imports of the bytes at an address, if the caller may have them. */
  public List<String> imports(Caller caller, String address) {
    caller.require(Scope.READ);
    return ContentAddress.parse(address)
        .flatMap(parsed -> versions.part(parsed, caller.username(), 0, ModuleImports.BEGINNING))
        .map(ModuleImports::of)
        .orElse(List.of());
  }

  private void record(Caller caller, Published published, ContentAddress address) {
    Map<String, Object> after = new HashMap<>(published.servlet().described());
    after.put("address", address.hex());
    audit.record(
        caller,
        AuditAction.SERVLET_PUBLISHED,
        published.servlet().path(),
        published.before(),
        after);
  }

  private ServletView view(Caller caller, Servlet servlet, @Nullable String note) {
    int most =
        fitting.number(Paging.MOST, versions.sizes(servlet.id, Integer.MAX_VALUE, Paging.MOST));
    return view(caller, servlet, versions.some(servlet.id, Integer.MAX_VALUE, most), note);
  }

  private ServletView view(
      Caller caller, Servlet servlet, List<Version> shown, @Nullable String note) {
    Optional<ContentAddress> newest = versions.newest(servlet.id);
    return new ServletView(
        servlet.slug(),
        servlet.description,
        servlet.visibility,
        newest.map(ContentAddress::hex).orElse(null),
        ServletSummary.Meta.of(
            servlet,
            newest.map(versions::tools).orElse("[]"),
            newest.map(ContentAddress::hex).orElse(null)),
        shown.stream().map(this::view).toList(),
        versions.behind(servlet.id, caller),
        servlet.createdAt,
        servlet.modifiedAt,
        note);
  }

  private ServletView.VersionView view(Version version) {
    return new ServletView.VersionView(
        version.number(),
        version.address(),
        version.createdAt(),
        version.yankedAt() != null,
        version.size(),
        registry.execution(version).text(),
        version.tools());
  }
}
