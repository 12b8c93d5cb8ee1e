package dev.errand.automation.trigger;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.PlainSecret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that the senders themselves publish, and what a stranger may try. */
class SignatureExamplesTest {
  private static final String STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String STANDARD_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long STANDARD_TIME = 1614265330;
  private static final String STANDARD_BODY = "{\"test\": 2432232314}";
  private static final String STANDARD_SIGNATURE =
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static final String GITHUB_SECRET = "It's a Secret to Everybody";
  private static final String GITHUB_SIGNATURE =
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  private static final String SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  private static final long SLACK_TIME = 1531420618;
  private static final String SLACK_BODY =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
          + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
          + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
          + "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
          + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  private static final String SLACK_SIGNATURE =
      "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

  private static final String STRIPE_SECRET = "whsec_test_secret_of_stripe";
  private static final long STRIPE_TIME = 1492774577;
  private static final String STRIPE_BODY = "{\"id\":\"evt_1\",\"object\":\"event\"}";

  @ParameterizedTest
  @ValueSource(strings = {"webhook-", "Webhook-", "WEBHOOK-", "svix-"})
  void theExampleOfStandardWebhooksIsTaken(String family) {
    taken(
        SignatureScheme.STANDARD_WEBHOOKS,
        STANDARD_SECRET,
        STANDARD_TIME,
        STANDARD_BODY,
        standard(family));
  }

  @Test
  void theExampleOfGithubIsTaken() {
    taken(
        SignatureScheme.GITHUB,
        GITHUB_SECRET,
        0,
        "Hello, World!",
        Map.of("X-Hub-Signature-256", GITHUB_SIGNATURE));
  }

  @Test
  void theExampleOfSlackIsTaken() {
    taken(
        SignatureScheme.SLACK,
        SLACK_SECRET,
        SLACK_TIME,
        SLACK_BODY,
        slack(SLACK_TIME, SLACK_SIGNATURE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t=1492774577,v1=%s,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39",
        "t=1492774577,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd,v1=%s",
        "t=1492774577, v1=%s",
        "v1=%s,t=1492774577",
        "t=1492774577,v1=zz,v2=unknown,nonsense,,v1=%s",
      })
  void aHeaderAsStripeDocumentsItIsTaken(String header) {
    taken(SignatureScheme.STRIPE, STRIPE_SECRET, STRIPE_TIME, STRIPE_BODY, stripe(header));
  }

  @Test
  void anyOfSeveralSignaturesAndOfSeveralSecretsIsEnough() {
    Map<String, String> fields = standard("webhook-");
    fields.put("webhook-signature", "v1a,AAAA v1,bm9uZQ== v1,!! " + STANDARD_SIGNATURE + " v2,x");

    check(
        SignatureScheme.STANDARD_WEBHOOKS,
        incoming(STANDARD_BODY, fields),
        STANDARD_TIME,
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        STANDARD_SECRET);
    check(
        SignatureScheme.GITHUB,
        incoming("Hello, World!", Map.of("X-Hub-Signature-256", GITHUB_SIGNATURE)),
        0,
        "another secret",
        GITHUB_SECRET);
  }

  @Test
  void aBodyOfAnyScriptOrOfNoneIsSignedByItsBytes() {
    for (String body : List.of("", "{\"grüße\":\"名前 🎉\"}", "\u0000\uFEFF\u2028", "a\r\nb")) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      String code =
          HexFormat.of()
              .formatHex(Hmac.sha256(GITHUB_SECRET.getBytes(StandardCharsets.UTF_8), bytes));
      taken(
          SignatureScheme.GITHUB,
          GITHUB_SECRET,
          0,
          body,
          Map.of("X-Hub-Signature-256", "sha256=" + code));
    }
  }

  private static Map<String, String> standard(String family) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(family + "id", STANDARD_ID);
    fields.put(family + "timestamp", Long.toString(STANDARD_TIME));
    fields.put(family + "signature", STANDARD_SIGNATURE);
    return fields;
  }

  private static Map<String, String> slack(long time, String signature) {
    return Map.of("X-Slack-Request-Timestamp", Long.toString(time), "X-Slack-Signature", signature);
  }

  private static Map<String, String> stripe(String header) {
    String code =
        HexFormat.of()
            .formatHex(
                Hmac.sha256(
                    STRIPE_SECRET.getBytes(StandardCharsets.UTF_8),
                    (STRIPE_TIME + "." + STRIPE_BODY).getBytes(StandardCharsets.UTF_8)));
    return Map.of("Stripe-Signature", header.replace("%s", code));
  }

  private static void taken(
      SignatureScheme scheme, String secret, long now, String body, Map<String, String> fields) {
    assertDoesNotThrow(() -> check(scheme, incoming(body, fields), now, secret));
  }

  private static HookRequest incoming(String body, Map<String, String> fields) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(name, List.of(value)));
    return new HookRequest(new Fields(all), body.getBytes(StandardCharsets.UTF_8), "test");
  }

  private static void check(
      SignatureScheme scheme, HookRequest incoming, long now, String... secrets) {
    Signatures.check(
        scheme,
        incoming,
        new Signatures.Verification(
            Stream.of(secrets).map(PlainSecret::new).toList(),
            Instant.ofEpochSecond(now),
            Duration.ofMinutes(5)));
  }
}
