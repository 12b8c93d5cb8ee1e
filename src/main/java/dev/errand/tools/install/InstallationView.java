package dev.errand.tools.install;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.identity.profile.Profile;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.OnChange;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletSummary;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An installation as clients see it.
 *
 * @param enabledTools the tools that are on; {@link InstallationRequest#ALL} alone is for all, also
 *     those that are added later
 * @param disabledTools the tools that are off all the same
 * @param approvals which calls of its tools wait for a person, by tool
 * @param approvalsProposed the rules that could be confirmed; null where it has some
 * @param settings its settings, without their values, and its permissions
 * @param servlet the servlet or server
 * @param warnings warnings of hosts and settings that are probably missing, and of rules that are
 *     for none of its tools
 * @param mcp the remote server; null where it is a servlet
 */
@RegisterForReflection
public record InstallationView(
    String name,
    Settings settings,
    boolean allowUpdate,
    List<String> enabledTools,
    List<String> disabledTools,
    ObjectNode approvals,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ObjectNode approvalsProposed,
    Instant createdAt,
    Instant modifiedAt,
    Binding binding,
    ServletView servlet,
    List<InstallationWarning> warnings,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable McpView mcp) {
  /**
   * Settings and permissions.
   *
   * @param config by key, {@code set} or {@code unset}; never a value
   * @param onChange what happens when the tools of the remote server change; null for servlets
   */
  @RegisterForReflection
  public record Settings(
      Map<String, String> config,
      Permissions permissions,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String onChange) {}

  @RegisterForReflection
  public record Permissions(Network network, Filesystem filesystem) {}

  @RegisterForReflection
  public record Network(List<String> domains) {}

  @RegisterForReflection
  public record Filesystem(Map<String, String> volumes) {}

  @RegisterForReflection
  public record Binding(
      UUID id,
      @JsonProperty("contentAddress") String contentAddress,
      @JsonProperty("updatedAt") Instant updatedAt) {}

  @RegisterForReflection
  public record ServletView(
      String slug,
      boolean hasClient,
      Instant createdAt,
      Instant modifiedAt,
      ServletSummary.Meta meta) {}

  /** Which of its tools are on. */
  public ToolSwitches switches() {
    return new ToolSwitches(
        enabledTools.equals(List.of(InstallationRequest.ALL)) ? null : enabledTools, disabledTools);
  }

  /** All installations of a profile. */
  @RegisterForReflection
  public record Installs(List<InstallationView> installs) {}

  /**
   * The view for everyone in a public profile, without the settings that it has or lacks, and
   * without its approvals, whose conditions may be confidential.
   */
  InstallationView forPublic() {
    return new InstallationView(
        name,
        new Settings(Map.of(), settings.permissions, null),
        allowUpdate,
        enabledTools,
        disabledTools,
        ApprovalRules.NONE.json(),
        null,
        createdAt,
        modifiedAt,
        binding,
        servlet,
        List.of(),
        mcp == null ? null : mcp.forPublic());
  }

  static InstallationView ofRemote(
      Installation installation,
      ServletSummary.Meta meta,
      OnChange onChange,
      InstallationApprovals.Shown approvals,
      McpView mcp) {
    return new InstallationView(
        installation.name,
        new Settings(
            Map.of(),
            new Permissions(new Network(List.of()), new Filesystem(Map.of())),
            onChange.code()),
        false,
        installation.switches().shown(),
        installation.disabledTools,
        approvals.rules().json(),
        proposed(approvals),
        installation.createdAt,
        installation.modifiedAt,
        new Binding(installation.id, installation.address, installation.modifiedAt),
        new ServletView(
            installation.slug(),
            mcp.usesOAuth(),
            installation.createdAt,
            installation.modifiedAt,
            meta),
        approvals.warnings(),
        mcp);
  }

  static InstallationView of(
      Profile profile,
      Installation installation,
      Servlet servlet,
      ServletSummary.Meta meta,
      InstallationApprovals.Shown approvals,
      String username) {
    return new InstallationView(
        installation.name,
        new Settings(
            InstallationSettings.shown(installation, meta.requirements().config()),
            new Permissions(new Network(installation.domains), new Filesystem(Map.of())),
            null),
        installation.allowUpdate,
        installation.switches().shown(),
        installation.disabledTools,
        approvals.rules().json(),
        proposed(approvals),
        installation.createdAt,
        installation.modifiedAt,
        new Binding(installation.id, installation.address, installation.modifiedAt),
        new ServletView(
            servlet.slug(),
            false,
            servlet.createdAt,
            servlet.isVisibleTo(username) ? servlet.modifiedAt : installation.modifiedAt,
            meta),
        Stream.concat(
                new Needs(
                        profile.slug(),
                        installation.name,
                        meta.requirements().domains(),
                        meta.requirements().config(),
                        installation.domains,
                        installation.configKeys)
                    .warnings().stream(),
                approvals.warnings().stream())
            .toList(),
        null);
  }

  private static @Nullable ObjectNode proposed(InstallationApprovals.Shown approvals) {
    ApprovalRules proposed = approvals.proposed();
    return proposed == null ? null : proposed.json();
  }

  /**
   * A warning about an installation.
   *
   * @param code {@code config_missing}, {@code config_unknown}, {@code domains_not_granted} or
   *     {@code approvals_unknown}
   * @param message what is missing or unknown, and what to do
   */
  @RegisterForReflection
  public record InstallationWarning(String code, String message) {
    /** The code of rules for tools that the installation does not have. */
    public static final String APPROVALS_UNKNOWN = "approvals_unknown";
  }
}
