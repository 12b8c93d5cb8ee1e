package dev.errand.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The bill of a model's vendor, by profile. A request is billed when it comes, whether or not
 * anybody receives its answer: a token for each byte of its texts and more around them, and an
 * answer of any length that the request allows, often the longest.
 */
final class Till implements Vendor {
  /**
   * What prompts begin with that are billed; the profile, the kind of the run and its name follow.
   */
  static final String PROMPT = "spend ";

  /** The kind of runs that start one of the task {@code child}. */
  static final String ROOT = "root";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AROUND_EACH = 8;
  private static final int BEFORE_ALL = 300;
  // Of gpt-4o.
  private static final double USD_OF_PROMPT = 2.5e-6;
  private static final double USD_OF_ANSWER = 1e-5;
  private static final double BILLIONTH = 1e9;

  private final Map<String, AtomicLong> tokens = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> billionths = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();

  /** The tokens that a profile owes. */
  long tokens(String profile) {
    return tokens.getOrDefault(profile, new AtomicLong()).get();
  }

  /** The US dollars that a profile owes. */
  double usd(String profile) {
    return billionths.getOrDefault(profile, new AtomicLong()).get() / BILLIONTH;
  }

  long requests() {
    return requests.get();
  }

  @Override
  public boolean takes(String prompt) {
    return prompt.startsWith(PROMPT);
  }

  @Override
  public Answer answer(JsonNode sent, JsonNode request) throws IOException {
    JsonNode messages = request.path("messages");
    String[] words = messages.path(0).path("content").asText().split(" ", -1);
    int prompt = BEFORE_ALL;
    for (JsonNode message : messages) {
      prompt += AROUND_EACH + bytes(message.path("content").asText());
      for (JsonNode call : message.path("tool_calls")) {
        prompt += AROUND_EACH + bytes(call.at("/function/arguments").asText());
      }
    }
    for (JsonNode tool : request.path("tools")) {
      JsonNode function = tool.path("function");
      prompt +=
          AROUND_EACH
              + bytes(function.path("name").asText())
              + bytes(function.path("description").asText())
              + bytes(function.path("parameters").toString());
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int longest = longest(sent);
    int answered = random.nextInt(3) == 0 ? longest : random.nextInt(1, 1 + longest / 4);
    requests.incrementAndGet();
    add(tokens, words[1], prompt + answered);
    add(
        billionths,
        words[1],
        Math.round((prompt * USD_OF_PROMPT + answered * USD_OF_ANSWER) * BILLIONTH));
    boolean starts = words[2].equals(ROOT) && messages.size() == 1;
    Answer answer =
        starts
            ? ScriptedModel.calls(
                List.of(
                    List.of(
                        "call",
                        "tasks_run",
                        "{\"task\": \"child\", \"run\": \"of-%s\"}".formatted(words[3]))))
            : ScriptedModel.say("Done.");
    ObjectNode body = (ObjectNode) JSON.readTree(answer.body());
    body.putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", answered)
        .put("total_tokens", prompt + answered);
    return new Answer(200, body.toString());
  }

  private static int longest(JsonNode sent) {
    return Stream.of("max_completion_tokens", "max_output_tokens", "max_tokens")
        .map(sent::path)
        .filter(JsonNode::isInt)
        .mapToInt(JsonNode::asInt)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("A request without a limit: " + sent));
  }

  private static void add(Map<String, AtomicLong> bill, String profile, long amount) {
    bill.computeIfAbsent(profile, key -> new AtomicLong()).addAndGet(amount);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
