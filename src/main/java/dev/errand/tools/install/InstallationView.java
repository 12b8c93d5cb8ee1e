package dev.errand.tools.install;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
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
 * @param approvals which calls of its tools wait for a person, by tool
 * @param settings its settings, without their values, and its permissions
 * @param servlet the servlet or server
 * @param mcp the remote server; null where it is a servlet
 */
@RegisterForReflection
@ApiSchema("Installation")
public record InstallationView(
    @Field String name,
    @Field Settings settings,
    @Field boolean allowUpdate,
    @Field("The tools that are on; `[\"*\"]` for all, also those that are added " + "later.")
        List<String> enabledTools,
    @Field("The tools that are off all the same.") List<String> disabledTools,
    @Field(schema = "Approvals") ObjectNode approvals,
    @Field(
            value =
                "Rules to confirm, where the installation has none: by the hosts that "
                    + "a servlet may call, or by the hints of a remote server, which nobody "
                    + "checks.\n",
            schema = "Approvals")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable ObjectNode approvalsProposed,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @Field Binding binding,
    @Field ServletView servlet,
    @Field(
            "What the servlet needs and the installation seems to lack, each with "
                + "the command that adds it, and approvals of tools that it does not "
                + "have.")
        List<InstallationWarning> warnings,
    @Field(schema = "RemoteServer") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable McpView mcp,
    @JsonIgnore long etag)
    implements Tagged {
  /**
   * Settings and permissions.
   *
   * @param onChange what happens when the tools of the remote server change; null for servlets
   */
  @RegisterForReflection
  public record Settings(
      @Field(
              value = "`set` or `unset` by key; never a value.",
              values = {"set", "unset"})
          Map<String, String> config,
      @Field(schema = "Permissions") Permissions permissions,
      @Field(schema = "OnChange") @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable String onChange) {}

  @RegisterForReflection
  public record Permissions(Network network, Filesystem filesystem) {}

  @RegisterForReflection
  public record Network(List<String> domains) {}

  @RegisterForReflection
  public record Filesystem(Map<String, String> volumes) {}

  @RegisterForReflection
  public record Binding(
      @Field UUID id,
      @Field("The version that it uses; for a remote server, the digest of its " + "pinned tools.")
          @JsonProperty("contentAddress")
          String contentAddress,
      @Field @JsonProperty("updatedAt") Instant updatedAt) {}

  @RegisterForReflection
  public record ServletView(
      @Field String slug,
      @Field boolean hasClient,
      @Field Instant createdAt,
      @Field Instant modifiedAt,
      @Field(schema = "ServletMeta") ServletSummary.Meta meta) {}

  /** Which of its tools are on. */
  public ToolSwitches switches() {
    return new ToolSwitches(
        enabledTools.equals(List.of(InstallationRequest.ALL)) ? null : enabledTools, disabledTools);
  }

  /** All installations of a profile. */
  @RegisterForReflection
  @ApiSchema("Installations")
  public record Installs(@Field(schema = "Installation") List<InstallationView> installs) {}

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
        mcp == null ? null : mcp.forPublic(),
        etag);
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
        mcp,
        installation.etag);
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
        null,
        installation.etag);
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
  public record InstallationWarning(
      @Field(
              values = {
                "config_missing",
                "domains_not_granted",
                "config_unknown",
                "approvals_unknown"
              })
          String code,
      @Field String message) {
    /** The code of rules for tools that the installation does not have. */
    public static final String APPROVALS_UNKNOWN = "approvals_unknown";
  }
}
