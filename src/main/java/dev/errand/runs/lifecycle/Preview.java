package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.models.port.ModelRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A preview of a run: the messages, tools and key with which it would begin, and its first request.
 *
 * @param request the first request to the model, without the key
 */
@RegisterForReflection
@ApiSchema("Preview")
public record Preview(
    @Field List<Message> messages,
    @Field List<OfferedTool> tools,
    @Field Key key,
    @Field(schema = "ModelRequest") ModelRequest request) {

  /**
   * A message.
   *
   * @param role system or user
   * @param content its text, rendered
   */
  @RegisterForReflection
  public record Message(@Field(values = {"system", "user"}) String role, @Field String content) {}

  /**
   * A tool.
   *
   * @param inputSchema the JSON Schema of its arguments
   */
  @RegisterForReflection
  public record OfferedTool(
      @Field String name, @Field String description, @Field ObjectNode inputSchema) {}

  @RegisterForReflection
  public record Key(
      @Field boolean present, @Field("Whether the master key can open it.") boolean opens) {}
}
