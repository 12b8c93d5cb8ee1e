package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.tools.mcp.ToolSetReader;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applies a request to an installation: version, permissions and settings. */
@ApplicationScoped
class InstallationUpdater {
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
      InvalidFields.check(
          wanted::check, () -> applyToRemote(to, wanted), () -> approvals.apply(to, wanted));
      return;
    }
    InvalidFields wrong = new InvalidFields();
    wrong.add(wanted::check);
    if (wanted.settings() != null && wanted.settings().onChange() != null) {
      wrong.add(
          ApiException.invalid(
              "settings.on_change", "is only for remote servers: see allow_update for servlets"));
    }
    wrong.add(() -> setVersion(to, servlet, username, wanted));
    List<String> domains = wrong.read(wanted::domains);
    if (domains != null) {
      to.domains = domains;
    }
    Map<String, @Nullable String> config =
        wanted.settings() == null ? null : wanted.settings().config();
    if (config != null) {
      wrong.add(() -> settings.write(to, config, replace));
    }
    wrong.add(() -> switchTools(to, wanted));
    wrong.add(() -> approvals.apply(to, wanted));
    wrong.refuse();
  }

  private void setVersion(
      Installation to, Servlet servlet, String username, InstallationRequest wanted) {
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
  }

  // A remote server has no versions to choose from, no hosts of its own, and no settings here.
  private void applyToRemote(Installation to, InstallationRequest wanted) {
    InvalidFields wrong = new InvalidFields();
    if (wanted.address() != null && !wanted.address().equals(to.address)) {
      wrong.add(
          ApiException.invalid(
              "address",
              "is the digest of the server's pinned tools: accept a change to pin others"));
    }
    if (Boolean.TRUE.equals(wanted.allowUpdate())) {
      wrong.add(
          ApiException.invalid(
              "allow_update", "is only for servlets: see settings.on_change for remote servers"));
    }
    List<String> domains = wrong.read(wanted::domains);
    if (domains != null && !domains.isEmpty()) {
      wrong.add(
          ApiException.invalid(
              "settings.permissions.network.domains", "must be empty for a remote server"));
    }
    if (wanted.settings() != null
        && wanted.settings().config() != null
        && !wanted.settings().config().isEmpty()) {
      wrong.add(
          ApiException.invalid(
              "settings.config",
              "must be empty for a remote server: put header fields in mcp.headers"));
    }
    wrong.add(() -> switchTools(to, wanted));
    wrong.refuse();
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

  private void switchTools(Installation to, InstallationRequest wanted) {
    InvalidFields wrong = new InvalidFields();
    List<@Nullable String> enabled = wanted.enabledTools();
    if (enabled != null) {
      to.enabledTools =
          enabled.equals(List.of(InstallationRequest.ALL))
              ? null
              : wrong.read(() -> checkedTools("enabled_tools", to, enabled, to.enabledTools));
    }
    List<String> disabled = wanted.disabledTools();
    if (disabled != null) {
      to.disabledTools =
          wrong.read(
              () -> checkedTools("disabled_tools", to, disabled, to.disabledTools), List.of());
    }
    wrong.refuse();
  }

  private List<String> checkedTools(
      String field,
      Installation to,
      List<? extends @Nullable String> named,
      @Nullable List<String> present) {
    List<String> known =
        sources.of(to.source()).tools(to.address).stream().map(ToolSpec::name).toList();
    Set<String> checked = new LinkedHashSet<>();
    for (String tool : named) {
      // What was said of a tool holds even while a version lacks it, and a server that nobody has
      // connected yet has listed no tools.
      boolean isKnown =
          tool != null
              && (known.contains(tool)
                  || (present != null && present.contains(tool))
                  || (known.isEmpty() && ToolSetReader.nameFault(tool).isEmpty()));
      if (!isKnown) {
        throw ApiException.invalid(
            field, "names \"" + tool + "\", which is not one of its tools; it has " + known);
      }
      checked.add(tool);
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
