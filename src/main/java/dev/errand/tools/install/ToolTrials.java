package dev.errand.tools.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.Field;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.Seen;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.tools.port.ApprovalNeededException;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolOrigin;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import dev.errand.tools.servlet.module.ContentAddress;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls tools without a model, as a run would: for authors, and to check an installation. */
@ApplicationScoped
public class ToolTrials {
  /** How long a call without a model may take, including waits; the limits of a call apply, too. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

  /** What a person needs for a call that would wait for a person. */
  private static final Right TO_APPROVE = Right.APPROVE;

  private final ProfileAccess access;
  private final Installer installer;
  private final ToolSources sources;
  private final InstalledTools installed;
  private final ShownResults shown;

  ToolTrials(
      ProfileAccess access,
      Installer installer,
      ToolSources sources,
      InstalledTools installed,
      ShownResults shown) {
    this.access = access;
    this.installer = installer;
    this.sources = sources;
    this.installed = installed;
    this.shown = shown;
  }

  /**
   * The data of an installation that a call of its tools needs.
   *
   * @param mayApprove whether the caller could approve calls of models
   */
  private record Installed(
      UUID id, UUID profileId, String slug, ContentAddress address, boolean mayApprove) {
    static Installed of(Installation installation, boolean mayApprove) {
      return new Installed(
          installation.id,
          installation.profileId,
          installation.source(),
          new ContentAddress(installation.address),
          mayApprove);
    }
  }

  /** The result of a tool call without a model. */
  public record ToolTrial(ToolResult result, List<LogLine> logs) {}

  /**
   * A line that a tool logged.
   *
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   */
  @RegisterForReflection
  public record LogLine(@Field int level, @Field String msg) {}

  /**
   * Calls a tool without a model, as a run would: for authors, and to check an installation. A call
   * that would wait for a person is made at once for a caller who could approve it.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link
   *     ErrorCode#INSTALLATION_NOT_FOUND}, {@link ErrorCode#TOOL_NOT_FOUND} or {@link
   *     ErrorCode#APPROVAL_NEEDED}
   */
  public ToolTrial call(
      Caller caller, ProfileSlug profile, String name, String tool, ObjectNode arguments)
      throws InterruptedException {
    Installed found =
        QuarkusTransaction.joiningExisting()
            .call(
                () -> {
                  Seen seen = access.requireSeen(caller, profile, Right.RUN);
                  return Installed.of(
                      installer.require(seen.profile(), name),
                      TO_APPROVE.isOf(caller, seen.role()));
                });
    ToolSource source = sources.of(found.slug());
    List<String> known = source.tools(found.address().hex()).stream().map(ToolSpec::name).toList();
    if (!known.contains(tool)) {
      throw new ApiException(
          ErrorCode.TOOL_NOT_FOUND, name + " has no tool " + tool + "; it has " + known + ".");
    }
    List<LogLine> logs = new CopyOnWriteArrayList<>();
    ToolCall call =
        new ToolCall(
            "call_" + UUID.randomUUID(),
            arguments,
            ElapsedClock.now().plus(LONGEST_CALL),
            (level, line) -> logs.add(new LogLine(level, line)));
    try {
      ToolResult result =
          installed.call(
              Audience.PERSON,
              source.open(new ToolUser(found.profileId(), null, 0)),
              new ToolOrigin(found.id(), tool, found.slug()),
              found.address(),
              tool,
              found.mayApprove() ? call.approved() : call);
      return new ToolTrial(shown.held(caller.username(), result), List.copyOf(logs));
    } catch (ApprovalNeededException e) {
      throw new ApiException(
          ErrorCode.APPROVAL_NEEDED,
          "This call of %s needs approval, which is not yours to give: an editor or an owner of the profile can make it, signed in or by a token with the scope approve."
              .formatted(tool));
    }
  }
}
