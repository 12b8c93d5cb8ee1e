package dev.errand.models.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;

/** A request to a model's server as it is sent, except for the key. */
@RegisterForReflection
@ApiSchema(
    value = "ModelRequest",
    description = "A request to the server of a model as it is sent, without the key.")
public record ModelRequest(
    @Field String method,
    @Field String url,
    @Field("Header fields; `$MODEL_KEY` stands for the key.") Map<String, String> headers,
    @Field ObjectNode body) {
  /**
   * The placeholder for the key: a variable of the shell, so that the request can be shown as a
   * command.
   */
  public static final String KEY = "$MODEL_KEY";
}
