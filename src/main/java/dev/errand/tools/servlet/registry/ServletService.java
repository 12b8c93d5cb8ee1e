package dev.errand.tools.servlet.registry;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.module.ModuleImports;
import dev.errand.tools.servlet.registry.Registry.Published;
import dev.errand.tools.servlet.registry.ServletVersions.Version;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations on the registry: search, get, publish, yank, fetch bytes. */
@ApplicationScoped
public class ServletService {
  private final Registry registry;
  private final ServletCatalogue catalogue;
  private final ServletVersions versions;
  private final Audit audit;

  ServletService(
      Registry registry, ServletCatalogue catalogue, ServletVersions versions, Audit audit) {
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
  public List<ServletSummary> search(Caller caller, String query, int limit, int offset) {
    caller.require(Scope.READ);
    return catalogue.search(caller.username(), ServletCatalogue.Query.of(query), limit, offset);
  }

  /**
   * One servlet with some of its versions, the newest first.
   *
   * @param before the {@link Version#publication} that the versions' are below
   * @throws ApiException {@link ErrorCode#SERVLET_NOT_FOUND}
   */
  @Transactional
  public ServletPage get(Caller caller, String owner, String name, int before, int limit) {
    caller.require(Scope.READ);
    Servlet servlet = catalogue.require(caller.username(), caller.nameOf(owner), name);
    List<Version> read = versions.some(servlet.id, before, limit + 1);
    return read.size() <= limit
        ? new ServletPage(view(caller, servlet, read, null), null)
        : new ServletPage(
            view(caller, servlet, read.subList(0, limit), null), read.get(limit - 1).publication());
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
    return view(caller, servlet, versions.some(servlet.id, Integer.MAX_VALUE, Paging.MOST), note);
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
