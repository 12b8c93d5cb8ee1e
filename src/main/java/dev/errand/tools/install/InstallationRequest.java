package dev.errand.tools.install;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.tools.mcp.OnChange;
import dev.errand.tools.mcp.RemoteServerRequest;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.servlet.registry.Publication;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request for an installation of a servlet or of a remote server; null keeps the present value,
 * or is the default.
 */
@RegisterForReflection
@ApiSchema(value = "InstallationRequest", answer = InstallationView.class)
public record InstallationRequest(
    @Field("`owner/name`; a POST requires this or `mcp`.") @Nullable String servletSlug,
    @Field(
            "The name of the installation; by default that of the servlet. Required for a remote"
                + " server.")
        @Nullable String name,
    @Field("Whether it follows the newest version.") @Nullable Boolean allowUpdate,
    @Field(
            "The version to pin: its content address or number, or `latest`, which pins the version"
                + " that is newest now.")
        @Nullable String address,
    @Field(
            value =
                "The tools that are on, by their own names: others, and those that are added later,"
                    + " are off. `[\"*\"]`, the default, is for all, also those that are added"
                    + " later.",
            most = InstallationRequest.MOST_SWITCHED,
            refusal = "must be the name of a tool")
        @Nullable List<@Nullable String> enabledTools,
    @Field(
            value = "The tools that are off all the same, by their own names.",
            most = InstallationRequest.MOST_SWITCHED,
            refusal = "must be the name of a tool")
        @Nullable List<String> disabledTools,
    @Field(schema = "ApprovalsRequest") @Nullable JsonNode approvals,
    @Field @Nullable Settings settings,
    @Field("A remote MCP server.") @Nullable RemoteServerRequest mcp)
    implements CheckedRequest {
  static final String APPROVALS = "approvals";
  static final int MOST_SWITCHED = 1000;

  /** Stands for all tools. */
  public static final String ALL = "*";

  /** Stands for the rules that are proposed. */
  public static final String PROPOSED = "proposed";

  /**
   * Settings and permissions. The permissions may be in {@code permissions} or beside the config,
   * since clients use both forms.
   */
  @RegisterForReflection
  public record Settings(
      @Field("Values by key. The value `set` keeps the stored value.")
          @Nullable Map<String, @Nullable String> config,
      @Field @Nullable Permissions permissions,
      @Field @Nullable Network network,
      @Field @Nullable Filesystem filesystem,
      @Field(codes = OnChange.class, schema = "OnChange") @Nullable String onChange) {}

  /** The permissions of an installation. */
  @RegisterForReflection
  @ApiSchema("Permissions")
  public record Permissions(
      @Field @Nullable Network network, @Field @Nullable Filesystem filesystem) {}

  /** The hosts that it may call. */
  @RegisterForReflection
  @ApiSchema("Network")
  public record Network(@Field("Host names; `*` is any.") @Nullable List<String> domains) {}

  /** Folders, which are not supported. */
  @RegisterForReflection
  @ApiSchema("Filesystem")
  public record Filesystem(
      @Field("Empty: no servlet has files.") @Nullable Map<String, String> volumes) {}

  /** Checks what it says itself, whatever is installed. */
  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    if (name != null) {
      wrong.add(() -> Installer.checkName(name));
    }
    wrong.add(this::domains);
    wrong.add(() -> checkedApprovals(() -> ApprovalRules.NONE));
    if (settings != null && settings.config() != null) {
      settings.config().keySet().forEach(key -> wrong.add(() -> InstallationSettings.check(key)));
    }
    wrong.refuse();
  }

  /** The paths of the settings whose values it sets or removes, for the audit. */
  @JsonIgnore
  String[] changedSecrets() {
    Stream<String> ofConfig =
        settings == null || settings.config() == null
            ? Stream.of()
            : settings.config().keySet().stream().map(key -> "settings.config." + key);
    Stream<String> ofServer = mcp == null ? Stream.of() : Stream.of(mcp.changedSecrets());
    return Stream.concat(ofConfig, ofServer).toArray(String[]::new);
  }

  /** What happens when the tools of the server change; empty where it is not given. */
  @JsonIgnore
  Optional<OnChange> onChange() {
    return settings == null ? Optional.empty() : Coded.find(OnChange.class, settings.onChange());
  }

  /** Whether it has rules with conditions, whose checks may take long. */
  @JsonIgnore
  boolean hasConditions() {
    return approvals != null && approvals.valueStream().anyMatch(JsonNode::isObject);
  }

  /**
   * Which calls wait for a person, checked except for the names of the tools; empty where it is not
   * given.
   *
   * @param proposed the rules that are proposed
   */
  @JsonIgnore
  Optional<ApprovalRules> checkedApprovals(Supplier<ApprovalRules> proposed) {
    if (approvals == null || approvals.isNull()) {
      return Optional.empty();
    }
    boolean takesProposal = approvals.isTextual() && approvals.textValue().equals(PROPOSED);
    return Optional.of(
        takesProposal ? proposed.get() : ApprovalRules.checked(APPROVALS, approvals));
  }

  /** The granted hosts, checked; null where they are not given. */
  @JsonIgnore
  @Nullable List<String> domains() {
    if (settings == null) {
      return null;
    }
    Permissions permissions = settings.permissions();
    InvalidFields wrong = new InvalidFields();
    wrong.add(() -> refuseVolumes("settings.filesystem.volumes", settings.filesystem()));
    List<String> beside = wrong.read(() -> listed("settings.network.domains", settings.network()));
    if (permissions == null) {
      wrong.refuse();
      return beside;
    }
    wrong.add(
        () -> refuseVolumes("settings.permissions.filesystem.volumes", permissions.filesystem()));
    List<String> within =
        wrong.read(() -> listed("settings.permissions.network.domains", permissions.network()));
    wrong.refuse();
    if (beside != null && within != null && !beside.equals(within)) {
      throw ApiException.invalid(
          "settings.network.domains", "differs from settings.permissions.network.domains");
    }
    return within == null ? beside : within;
  }

  private static @Nullable List<String> listed(String field, @Nullable Network network) {
    return network == null || network.domains() == null
        ? null
        : Publication.checkedDomains(field, network.domains());
  }

  private static void refuseVolumes(String field, @Nullable Filesystem filesystem) {
    if (filesystem != null && filesystem.volumes() != null && !filesystem.volumes().isEmpty()) {
      throw ApiException.invalid(field, "must be empty: servlets have no files");
    }
  }
}
