package dev.errand.tools.install;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.tool.Content;
import dev.errand.tools.tool.ToolCall;
import dev.errand.tools.tool.ToolResult;
import dev.errand.tools.tool.ToolSpec;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Calls a tool without a model: for authors, and to check an installation. */
@Path("/api/profiles/{user}/{profile}/installations/{name}/tools/{tool: .+}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ToolResource {
  /** Waiting in the queue included; the limits of a call hold besides. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final ProfileAccess access;
  private final Installer installer;
  private final Registry registry;
  private final InstalledTools installed;
  private final Json json;
  private final Clock clock;

  ToolResource(
      ProfileAccess access,
      Installer installer,
      Registry registry,
      InstalledTools installed,
      Json json,
      Clock clock) {
    this.access = access;
    this.installer = installer;
    this.registry = registry;
    this.installed = installed;
    this.json = json;
    this.clock = clock;
  }

  /** Calls the tool with the arguments of the body, as a run would. */
  @POST
  public Answer call(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @RestPath String tool,
      @Nullable ObjectNode arguments)
      throws InterruptedException {
    Installation installation = installer.require(access.own(user, profile), name);
    ContentAddress address = new ContentAddress(installation.address);
    List<String> known = registry.tools(address).stream().map(ToolSpec::name).toList();
    if (!known.contains(tool)) {
      throw new ApiException(
          ErrorCode.TOOL_NOT_FOUND, name + " has no tool " + tool + "; it has " + known + ".");
    }
    List<Line> logs = new CopyOnWriteArrayList<>();
    ToolCall call =
        new ToolCall(
            "call_" + UUID.randomUUID(),
            arguments == null ? json.object() : arguments,
            clock.instant().plus(LONGEST),
            (level, line) -> logs.add(new Line(level, line)));
    ToolResult result =
        installed.call(
            installation.id,
            address,
            tool,
            tool,
            installed.budget(),
            new InnerDoor.Caller(installation.profile.id, null),
            call);
    return new Answer(
        result.content().stream().map(Part::of).toList(), result.isError(), List.copyOf(logs));
  }

  /**
   * What the tool answers.
   *
   * @param content its content
   * @param isError whether that tells of a failure
   * @param logs what it logged
   */
  @RegisterForReflection
  public record Answer(
      List<Part> content, @JsonProperty("isError") boolean isError, List<Line> logs) {}

  @RegisterForReflection
  public record Line(int level, String msg) {}

  /** A piece of content: a text, or a picture in base64. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Part(
      String type,
      @Nullable String text,
      @Nullable String data,
      @JsonProperty("mimeType") @Nullable String mimeType) {
    static Part of(Content content) {
      return switch (content) {
        case Content.Text(var text) -> new Part("text", text, null, null);
        case Content.Image(var data, var mimeType) -> new Part("image", null, data, mimeType);
      };
    }
  }
}
