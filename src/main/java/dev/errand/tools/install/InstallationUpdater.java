package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Applies a request to an installation: version, permissions and settings. */
@ApplicationScoped
class InstallationUpdater {
  private static final int MOST_DISABLED = 200;

  private final Registry registry;
  private final ToolSources sources;
  private final ServletCatalogue catalogue;
  private final InstallationSettings settings;
  private final InstallationApprovals approvals;

  InstallationUpdater(
      Registry registry,
      ToolSources sources,
      ServletCatalogue catalogue,
      InstallationSettings settings,
      InstallationApprovals approvals) {
    this.registry = registry;
    this.sources = sources;
    this.catalogue = catalogue;
    this.settings = settings;
    this.approvals = approvals;
  }

  /** Applies a request to an installation, except for its name. */
  void apply(Installation to, String username, InstallationRequest wanted, boolean replace) {
    @Nullable Servlet servlet = to.servlet;
    if (servlet == null) {
      applyToRemote(to, wanted);
      approvals.apply(to, wanted);
      return;
    }
    if (wanted.onChange().isPresent()) {
      throw ApiException.invalid(
          "settings.on_change", "is only for remote servers: see allow_update for servlets");
    }
    boolean latest = ServletCatalogue.LATEST.equals(wanted.address());
    if (wanted.address() != null && !(latest && Boolean.TRUE.equals(wanted.allowUpdate()))) {
      if (Boolean.TRUE.equals(wanted.allowUpdate())) {
        throw ApiException.invalid(
            "allow_update",
            "must be false with an address, unless that is \"latest\": an installation that is pinned to a"
                + " version gets no updates");
      }
      pin(to, servlet, username, wanted.address());
    } else if (wanted.allowUpdate() != null) {
      boolean begins = wanted.allowUpdate() && !to.allowUpdate;
      if (begins && servlet.isVisibleTo(username)) {
        to.address = newest(servlet);
      }
      to.allowUpdate = wanted.allowUpdate();
    }
    List<String> domains = wanted.domains();
    if (domains != null) {
      to.domains = domains;
    }
    if (wanted.settings() != null && wanted.settings().config() != null) {
      settings.write(to, wanted.settings().config(), replace);
    }
    if (wanted.disabledTools() != null) {
      to.disabledTools = checkedTools(to, wanted.disabledTools());
    }
    approvals.apply(to, wanted);
  }

  // A remote server has no versions to choose from, no hosts of its own, and no settings here.
  private void applyToRemote(Installation to, InstallationRequest wanted) {
    if (wanted.address() != null && !wanted.address().equals(to.address)) {
      throw ApiException.invalid(
          "address", "is the digest of the server's pinned tools: accept a change to pin others");
    }
    if (Boolean.TRUE.equals(wanted.allowUpdate())) {
      throw ApiException.invalid(
          "allow_update", "is only for servlets: see settings.on_change for remote servers");
    }
    List<String> domains = wanted.domains();
    if (domains != null && !domains.isEmpty()) {
      throw ApiException.invalid(
          "settings.permissions.network.domains", "must be empty for a remote server");
    }
    if (wanted.settings() != null
        && wanted.settings().config() != null
        && !wanted.settings().config().isEmpty()) {
      throw ApiException.invalid(
          "settings.config", "must be empty for a remote server: put header fields in mcp.headers");
    }
    if (wanted.disabledTools() != null) {
      to.disabledTools = checkedTools(to, wanted.disabledTools());
    }
  }

  private void pin(Installation to, Servlet servlet, String username, String address) {
    if (address.isBlank()) {
      throw ApiException.invalid(
          "address",
          "is empty: name a version by its number or content address, or the newest as \"latest\"");
    }
    to.allowUpdate = false;
    if (address.equals(to.address)) {
      return;
    }
    Optional<ContentAddress> version =
        servlet.isVisibleTo(username) ? version(servlet, address) : Optional.empty();
    ServletCatalogue.@Nullable VersionStatus status =
        version.flatMap(found -> catalogue.status(servlet, found)).orElse(null);
    if (version.isEmpty() || status == null) {
      throw new ApiException(
          ErrorCode.VERSION_NOT_FOUND,
          "%s has no version %s that you may install: name one by its number or content address, or the newest as \"latest\"."
              .formatted(servlet.slug(), address));
    }
    String found = version.get().hex();
    // An installation keeps a version that was yanked.
    if (status == ServletCatalogue.VersionStatus.YANKED && !found.equals(to.address)) {
      throw ApiException.invalid("address", "is a yanked version");
    }
    to.address = found;
  }

  private Optional<ContentAddress> version(Servlet servlet, String wanted) {
    return wanted.equals(ServletCatalogue.LATEST)
        ? Optional.of(new ContentAddress(newest(servlet)))
        : catalogue.version(servlet, wanted);
  }

  private List<String> checkedTools(Installation to, List<String> disabled) {
    if (disabled.size() > MOST_DISABLED) {
      throw ApiException.invalid("disabled_tools", "may list at most " + MOST_DISABLED + " tools");
    }
    List<String> known =
        sources.of(to.source()).tools(to.address).stream().map(ToolSpec::name).toList();
    List<String> checked = new ArrayList<>();
    for (String tool : disabled) {
      // A tool that is switched off stays so even while a version lacks it.
      if (tool == null || !(known.contains(tool) || to.disabledTools.contains(tool))) {
        throw ApiException.invalid(
            "disabled_tools",
            "names \"" + tool + "\", which is not one of its tools; it has " + known);
      }
      if (!checked.contains(tool)) {
        checked.add(tool);
      }
    }
    return List.copyOf(checked);
  }

  /**
   * The address of the servlet's newest version.
   *
   * @throws ApiException {@link ErrorCode#VERSION_NOT_FOUND} when all are yanked
   */
  String newest(Servlet servlet) {
    return registry
        .newest(servlet)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.VERSION_NOT_FOUND,
                    servlet.slug() + " has no version that can be installed: all are yanked."))
        .hex();
  }
}
