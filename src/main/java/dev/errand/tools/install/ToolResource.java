package dev.errand.tools.install;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.json.Json;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.install.ToolTrials.LogLine;
import dev.errand.tools.install.ToolTrials.ToolTrial;
import dev.errand.tools.port.Content;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Calls a tool without a model: for authors, and to check an installation. */
@Path("/api/profiles/{user}/{profile}/installations/{name}/tools/{tool: .+}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ToolResource {
  private final CurrentCaller caller;
  private final ToolTrials trials;
  private final Json json;

  ToolResource(CurrentCaller caller, ToolTrials trials, Json json) {
    this.caller = caller;
    this.trials = trials;
    this.json = json;
  }

  /** Calls the tool with the arguments of the body, as a run would. */
  @POST
  public Answer call(
      @BeanParam ProfileSlug profile,
      @RestPath String name,
      @RestPath String tool,
      @Nullable ObjectNode arguments)
      throws InterruptedException {
    ToolTrial trial =
        trials.call(
            caller.get(), profile, name, tool, arguments == null ? json.object() : arguments);
    return new Answer(
        trial.result().content().stream().map(Part::of).toList(),
        trial.result().isError(),
        trial.result().structured(),
        trial.logs());
  }

  /** The answer of the tool. */
  @RegisterForReflection
  @ApiSchema("ToolAnswer")
  public record Answer(
      @Field List<Part> content,
      @Field @JsonProperty("isError") boolean isError,
      @Field(
              "The result for programs, `structuredContent` in MCP; absent where the tool gave"
                  + " none.")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Object structuredContent,
      @Field List<LogLine> logs) {}

  /** A piece of content. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Part(
      @Field(values = {"text", "image"}) String type,
      @Field @Nullable String text,
      @Field("A picture, in base64.") @Nullable String data,
      @Field @JsonProperty("mimeType") @Nullable String mimeType) {
    static Part of(Content content) {
      return switch (content) {
        case Content.Text(var text) -> new Part("text", text, null, null);
        case Content.Described(var text, var _) -> new Part("text", text, null, null);
        case Content.Image(var data, var mimeType) -> new Part("image", null, data, mimeType);
      };
    }
  }
}
