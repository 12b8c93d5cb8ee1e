package dev.errand.automation.channel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.egress.client.GuardedPost;
import dev.errand.base.egress.client.GuardedPost.Posted;
import dev.errand.base.json.Json;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Posts messages to the web servers of channels, and reads why they refuse one. */
@Singleton
class ChannelPost {
  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;
  private static final int TOO_MANY = 429;
  private static final int MOST_OF_ANSWER = 4096;
  // Such as no_service. Whatever else an answer says may repeat what is secret.
  private static final Pattern REASON = Pattern.compile("[a-z_]{1,64}");

  private final GuardedPost post;
  private final Json json;
  private final ChannelConfig config;

  ChannelPost(GuardedPost post, Json json, ChannelConfig config) {
    this.post = post;
    this.json = json;
    this.config = config;
  }

  /**
   * Posts JSON, once.
   *
   * @param gone the reasons of a 404 by which the receiver refuses further messages, as by 410
   */
  SendResult send(String url, Map<String, String> headers, byte[] body, Set<String> gone)
      throws InterruptedException {
    Map<String, String> all = new HashMap<>(headers);
    all.put("content-type", "application/json");
    return answer(post.send(url, all, body, config.timeout(), MOST_OF_ANSWER), gone);
  }

  private SendResult answer(Posted posted, Set<String> gone) {
    Integer status = posted.status();
    if (status == null) {
      return SendResult.failed(null, String.valueOf(posted.error()));
    }
    if (posted.isAccepted()) {
      return SendResult.accepted(status);
    }
    JsonNode said = json.parse(posted.body()).filter(JsonNode::isObject).orElseGet(json::object);
    boolean hasCode = said.path("code").isInt();
    String reason = hasCode ? said.path("code").asText() : reason(posted.body());
    boolean isUnwanted = status == GONE || (status == NOT_FOUND && gone.contains(reason));
    return new SendResult(
        status,
        "The receiver answered %d%s%s."
            .formatted(status, hasCode ? " with the code " : reason.isEmpty() ? "" : " ", reason),
        isUnwanted,
        isUnwanted,
        status == TOO_MANY ? askedToWait(said, posted.askedToWait()) : posted.askedToWait());
  }

  private static String reason(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return REASON.matcher(text).matches() ? text : "";
  }

  // In seconds; not all servers that do as Discord also send Retry-After.
  private static Duration askedToWait(JsonNode said, Duration byHeader) {
    double seconds = said.path("retry_after").asDouble();
    Duration byBody =
        seconds > 0 && seconds < Duration.ofDays(1).toSeconds()
            ? Duration.ofMillis((long) Math.ceil(seconds * 1000))
            : Duration.ZERO;
    return byBody.compareTo(byHeader) > 0 ? byBody : byHeader;
  }
}
