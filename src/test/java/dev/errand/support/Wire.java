package dev.errand.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import dev.errand.support.ScriptedModel.Answer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire of a vendor, by which a scripted server is asked: its requests become some in OpenAI's
 * form, and answers in OpenAI's form become its own.
 */
public interface Wire {
  /** The runner that speaks it. */
  String runner();

  /** The path below a base URL that ends with {@code /v1}. */
  String path();

  /** A request that came. */
  default JsonNode read(byte[] body) throws IOException {
    return new ObjectMapper().readTree(body);
  }

  /** A request in OpenAI's form. */
  JsonNode request(JsonNode sent);

  /** Why the vendor refuses a request; null where it does not. */
  @Nullable Answer refusal(Headers headers, JsonNode sent);

  /** The answer of a script in this form. */
  Answer answer(JsonNode sent, Answer scripted);

  /** Those of all runners. */
  static List<Wire> all() {
    return List.of(new Chat(), new Responses(), new Messages(new AnthropicForm()));
  }

  /** OpenAI's chat completions. */
  record Chat() implements Wire {
    @Override
    public String runner() {
      return "openai";
    }

    @Override
    public String path() {
      return "/chat/completions";
    }

    @Override
    public JsonNode request(JsonNode sent) {
      return sent;
    }

    @Override
    public @Nullable Answer refusal(Headers headers, JsonNode sent) {
      return null;
    }

    @Override
    public Answer answer(JsonNode sent, Answer scripted) {
      return scripted;
    }
  }

  /** OpenAI's Responses. */
  record Responses() implements Wire {
    @Override
    public String runner() {
      return "responses";
    }

    @Override
    public String path() {
      return "/responses";
    }

    // What goes back is compared digit by digit.
    @Override
    public JsonNode read(byte[] body) throws IOException {
      return ResponsesForm.parse(body);
    }

    @Override
    public JsonNode request(JsonNode sent) {
      return ResponsesForm.request((ObjectNode) sent);
    }

    @Override
    public @Nullable Answer refusal(Headers headers, JsonNode sent) {
      String wrong = ResponsesForm.wrong((ObjectNode) sent);
      return wrong.isEmpty() ? null : ScriptedModel.error(400, "invalid_request_error", wrong);
    }

    @Override
    public Answer answer(JsonNode sent, Answer scripted) {
      return ResponsesForm.answer((ObjectNode) sent, scripted);
    }
  }

  /** Anthropic's Messages. */
  record Messages(AnthropicForm form) implements Wire {
    @Override
    public String runner() {
      return "anthropic";
    }

    @Override
    public String path() {
      return "/messages";
    }

    @Override
    public JsonNode request(JsonNode sent) {
      return AnthropicForm.request(sent);
    }

    @Override
    public @Nullable Answer refusal(Headers headers, JsonNode sent) {
      String refusal = form.refusal(headers, sent);
      return refusal == null ? null : AnthropicForm.refused(refusal);
    }

    @Override
    public Answer answer(JsonNode sent, Answer scripted) {
      return form.answer(sent, scripted);
    }
  }
}
