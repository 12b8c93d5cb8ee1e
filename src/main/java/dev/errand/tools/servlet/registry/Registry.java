package dev.errand.tools.servlet.registry;

import dev.errand.base.database.Outage;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.limit.LruCache;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.module.Execution;
import dev.errand.tools.servlet.module.SealedCodeStore;
import dev.errand.tools.servlet.module.ServletModule;
import dev.errand.tools.servlet.registry.ServletVersions.ServletContent;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes servlets, and loads published versions into the host. */
@Singleton
public class Registry {
  // The tools that are remembered have a part of the heap.
  private static final int PART_OF_HEAP = 16;
  private static final long EACH = 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LruCache<String, Described> tools =
      new LruCache<>(
          Runtime.getRuntime().maxMemory() / PART_OF_HEAP, described -> EACH + described.weight);
  private final ServletHost host;
  private final ServletVersions versions;
  private final SealedCodeStore code;
  private final ToolList toolList;
  private final Event<ServletChanged> changes;
  private final Clock clock;
  private final RegistryConfig limits;

  Registry(
      ServletHost host,
      ServletVersions versions,
      SealedCodeStore code,
      ToolList toolList,
      Event<ServletChanged> changes,
      Clock clock,
      RegistryConfig limits) {
    this.host = host;
    this.versions = versions;
    this.code = code;
    this.toolList = toolList;
    this.changes = changes;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * The result of a publication.
   *
   * @param before its former description; null where it is new
   */
  public record Published(Servlet servlet, boolean created, @Nullable Map<String, Object> before) {}

  /**
   * Publishes bytes as the newest version of a servlet, which is created if there is none. Bytes of
   * the newest version add no version, those of an older one become the newest again and keep its
   * number, and a yanked version stays yanked.
   *
   * @param also further work in the same transaction
   * @throws InvalidServletException when the host refuses the bytes; nothing is stored then
   * @throws InterruptedException when the thread is interrupted while the servlet describes itself
   */
  public <T> T publish(Publication publication, Function<Published, T> also)
      throws InvalidServletException, InterruptedException {
    Publication checked = publication.checked();
    return publish(checked, address -> read(address, checked), also);
  }

  /**
   * Publishes bytes whose tools do not run in the host, so that the given tools are not read from
   * the bytes.
   *
   * @throws InvalidServletException when the tools can't be stored; nothing is stored then
   */
  public <T> T publish(Publication publication, List<ToolSpec> specs, Function<Published, T> also)
      throws InvalidServletException, InterruptedException {
    Publication checked = publication.checked();
    return publish(
        checked, address -> content(address, checked, specs, ServletContent.WHOLE), also);
  }

  /** Reads the content of a module. */
  @FunctionalInterface
  private interface ModuleReader {
    ServletContent read(ContentAddress address)
        throws InvalidServletException, InterruptedException;
  }

  private <T> T publish(Publication checked, ModuleReader reader, Function<Published, T> also)
      throws InvalidServletException, InterruptedException {
    ContentAddress address = ContentAddress.of(checked.wasm());
    QuarkusTransaction.joiningExisting()
        .run(
            () ->
                checkLimits(checked.owner(), Servlet.of(checked.owner(), checked.name()), address));
    // A connection is too expensive to be held while a module is compiled and run.
    ServletContent content = versions.hasContent(address) ? null : reader.read(address);
    return QuarkusTransaction.joiningExisting()
        .call(() -> also.apply(keep(checked, address, content)));
  }

  /**
   * Checks that an owner may publish bytes. Bundled servlets have no limit.
   *
   * @throws ApiException {@link ErrorCode#TOO_MANY_SERVLETS} or {@link ErrorCode#TOO_MANY_VERSIONS}
   */
  private void checkLimits(String owner, Optional<Servlet> known, ContentAddress address) {
    if (owner.equals(Servlet.BUNDLED)) {
      return;
    }
    if (known.isEmpty()) {
      if (Servlet.count("owner", owner) >= limits.servletsPerUser()) {
        throw new ApiException(
            ErrorCode.TOO_MANY_SERVLETS,
            ("%s has published %s servlets, the limit set by errand.registry.servlets-per-user:"
                    + " publish a version of one of them, or ask the operator to raise it.")
                .formatted(owner, limits.servletsPerUser()));
      }
    } else if (versions.count(known.get().id) >= limits.versionsPerServlet()
        && !versions.has(known.get().id, address)) {
      throw new ApiException(
          ErrorCode.TOO_MANY_VERSIONS,
          ("%s has %s versions, the limit set by errand.registry.versions-per-servlet: publish"
                  + " under another name, or ask the operator to raise it.")
              .formatted(known.get().slug(), limits.versionsPerServlet()));
    }
  }

  private ServletContent read(ContentAddress address, Publication publication)
      throws InvalidServletException, InterruptedException {
    ServletModule module = host.load(address.hex(), publication.wasm());
    List<ToolSpec> specs = host.describe(module, WorkOwner.user(publication.owner()));
    return content(
        address,
        publication,
        specs,
        host.tooLarge(module) ? ServletContent.TOO_LARGE : ServletContent.WHOLE);
  }

  private ServletContent content(
      ContentAddress address, Publication publication, List<ToolSpec> specs, String engine)
      throws InvalidServletException {
    return new ServletContent(
        address.hex(),
        publication.wasm(),
        toolList.write(specs),
        specs.stream().map(ToolSpec::name).toList(),
        engine,
        clock.instant());
  }

  private Published keep(
      Publication publication, ContentAddress address, @Nullable ServletContent content) {
    // Several machines may publish the same bundled servlet at their first start.
    versions.lockToChange(publication.owner(), publication.name());
    Optional<Servlet> before = Servlet.of(publication.owner(), publication.name());
    checkLimits(publication.owner(), before, address);
    if (content != null) {
      versions.addContent(content);
      code.settle(address);
    } else if (!versions.keepsContent(address)) {
      throw ApiException.retryLater(
          ErrorCode.UNAVAILABLE,
          "The same bytes were deleted at the same time: publish them again.",
          Duration.ofSeconds(1));
    }
    @Nullable Map<String, Object> was = before.map(Servlet::described).orElse(null);
    Servlet servlet = before.orElseGet(() -> create(publication));
    boolean changed = publication.describe(servlet);
    servlet.persistAndFlush();
    if (versions.add(servlet.id, address, clock.instant()) || changed) {
      servlet.modifiedAt = clock.instant();
    }
    servlet.persistAndFlush();
    changes.fire(new ServletChanged(servlet, versions.newest(servlet.id)));
    return new Published(servlet, before.isEmpty(), was);
  }

  /**
   * Whether publishing this would change nothing. It costs one query, where {@link #publish} locks
   * the servlet and reads its bytes.
   */
  public boolean isPublished(Publication publication) {
    Publication checked = publication.checked();
    return versions.isPublished(checked, ContentAddress.of(checked.wasm()));
  }

  /**
   * Yanks a version, or takes that back. Installations that are pinned to it keep it.
   *
   * @return whether the servlet has that version
   */
  @Transactional
  public boolean yank(Servlet known, ContentAddress address, boolean yanked, Runnable also) {
    versions.lockToChange(known.owner, known.name);
    Servlet servlet = Servlet.of(known.owner, known.name).orElseThrow();
    if (!versions.has(servlet.id, address)) {
      return false;
    }
    if (versions.yank(servlet.id, address, yanked ? clock.instant() : null)) {
      servlet.modifiedAt = clock.instant();
      servlet.persistAndFlush();
      changes.fire(new ServletChanged(servlet, versions.newest(servlet.id)));
    }
    also.run();
    return true;
  }

  /** Locks a servlet against publishing and yanking until the caller's transaction ends. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void hold(Servlet servlet) {
    versions.lockToRead(servlet.owner, servlet.name);
  }

  /** Locks a servlet against publishing, yanking and installing until the transaction ends. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void holdToChange(Servlet servlet) {
    versions.lockToChange(servlet.owner, servlet.name);
  }

  /** Deletes a servlet that is installed nowhere, with its versions and bytes. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void delete(Servlet servlet) {
    List<String> addresses = versions.addresses(servlet.owner, servlet.name);
    Servlet.delete("id", servlet.id);
    versions.deleteUnused(addresses);
  }

  /** Deletes the servlets of an owner, which are installed nowhere. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void deleteAllOf(String owner) {
    List<String> addresses = versions.addresses(owner, null);
    Servlet.delete("owner", owner);
    versions.deleteUnused(addresses);
  }

  /**
   * The content address of a servlet's newest version that is not yanked. It stays the newest until
   * the caller's transaction ends, so that an installation in it misses no update.
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public Optional<ContentAddress> newest(Servlet servlet) {
    versions.lockToRead(servlet.owner, servlet.name);
    return versions.newest(servlet.id);
  }

  /** The tools that the bytes at an address have, as they were described when published. */
  public List<ToolSpec> tools(ContentAddress address) {
    Optional<Described> known = tools.find(address.hex());
    if (known.isPresent()) {
      return known.get().tools;
    }
    String text = versions.tools(address);
    List<ToolSpec> read = toolList.read(text);
    tools.put(address.hex(), new Described(read, JsonWeight.of(text)));
    return read;
  }

  /** The tools of a version, and how many bytes of heap they take. */
  private record Described(List<ToolSpec> tools, long weight) {}

  /** How this process runs a version, independent of the process that published it. */
  Execution execution(ServletVersions.Version version) {
    return host.execution(version.address(), version.engine().equals(ServletContent.WHOLE));
  }

  /**
   * The module of the bytes at an address, ready to be called.
   *
   * @throws InvalidServletException when the host refuses bytes that it had accepted before
   */
  public ServletModule module(ContentAddress address)
      throws InvalidServletException, InterruptedException {
    Optional<ServletModule> loaded = host.loaded(address.hex());
    return loaded.isPresent()
        ? loaded.get()
        : host.load(address.hex(), Outage.outlast(PATIENCE, () -> versions.bytes(address)));
  }

  private Servlet create(Publication publication) {
    Servlet servlet = new Servlet();
    servlet.id = UUID.randomUUID();
    servlet.owner = publication.owner();
    servlet.name = publication.name();
    servlet.description = "";
    servlet.visibility = Servlet.PRIVATE;
    servlet.requiredDomains = List.of();
    servlet.requiredConfig = List.of();
    servlet.createdAt = clock.instant();
    servlet.modifiedAt = servlet.createdAt;
    return servlet;
  }
}
