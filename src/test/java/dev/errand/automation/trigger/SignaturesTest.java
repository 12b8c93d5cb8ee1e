package dev.errand.automation.trigger;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.WebhookSecret;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that the senders themselves publish, and what a stranger may try. */
class SignaturesTest {
  private static final String STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String STANDARD_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long STANDARD_TIME = 1614265330;
  private static final String STANDARD_BODY = "{\"test\": 2432232314}";
  private static final String STANDARD_SIGNATURE =
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static final String GITHUB_SECRET = "It's a Secret to Everybody";

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
  @ValueSource(
      strings = {
        "",
        "t=1492774577",
        "v1=%s",
        "t=1492774577,v0=%s",
        "t=1492774577,t=1492774577,v1=%s",
        "t=1492774578,v1=%s",
        "t=,v1=%s",
        "t=1492774577.0,v1=%s",
        "t=1492774577,v1=",
        "T=1492774577,V1=%s"
      })
  void anyOtherHeaderOfStripeIsRefused(String header) {
    refused(SignatureScheme.STRIPE, STRIPE_SECRET, STRIPE_TIME, STRIPE_BODY, stripe(header));
  }

  @ParameterizedTest
  @CsvSource({"-300,true", "300,true", "-301,false", "301,false", "-86400,false", "86400,false"})
  void aTimeOutsideTheWindowIsRefused(long away, boolean isTaken) {
    long now = STANDARD_TIME + away;
    Map<String, String> stripe = stripe("t=1492774577,v1=%s");
    Map<String, String> slack = slack(SLACK_TIME, SLACK_SIGNATURE);
    if (isTaken) {
      taken(
          SignatureScheme.STANDARD_WEBHOOKS,
          STANDARD_SECRET,
          now,
          STANDARD_BODY,
          standard("webhook-"));
      taken(SignatureScheme.STRIPE, STRIPE_SECRET, STRIPE_TIME + away, STRIPE_BODY, stripe);
      taken(SignatureScheme.SLACK, SLACK_SECRET, SLACK_TIME + away, SLACK_BODY, slack);
    } else {
      refused(
          SignatureScheme.STANDARD_WEBHOOKS,
          STANDARD_SECRET,
          now,
          STANDARD_BODY,
          standard("webhook-"));
      refused(SignatureScheme.STRIPE, STRIPE_SECRET, STRIPE_TIME + away, STRIPE_BODY, stripe);
      refused(SignatureScheme.SLACK, SLACK_SECRET, SLACK_TIME + away, SLACK_BODY, slack);
    }
  }

  @Test
  void anIdWithADotIsRefusedSinceThePartsCouldBeMoved() {
    // What was signed for the id "a", the time and the body "<time>.x".
    String signed = WebhookSecret.parse(STANDARD_SECRET).sign("a", at(STANDARD_TIME), moved());
    Map<String, String> fields = standard("webhook-");
    fields.put("webhook-signature", signed);
    fields.put("webhook-id", "a");
    String body = new String(moved(), StandardCharsets.UTF_8);
    taken(SignatureScheme.STANDARD_WEBHOOKS, STANDARD_SECRET, STANDARD_TIME, body, fields);

    fields.put("webhook-id", "a." + STANDARD_TIME);
    refused(SignatureScheme.STANDARD_WEBHOOKS, STANDARD_SECRET, STANDARD_TIME, "x", fields);
  }

  private static byte[] moved() {
    return (STANDARD_TIME + ".x").getBytes(StandardCharsets.UTF_8);
  }

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "+1614265330",
        "1614265330.5",
        "1e9",
        "99999999999999999999",
        "now",
        " ",
        "0x1",
        "१"
      })
  void aTimeThatIsNoNumberOfSecondsIsRefused(String time) {
    Map<String, String> fields = standard("webhook-");
    fields.put("webhook-timestamp", time);
    refused(
        SignatureScheme.STANDARD_WEBHOOKS, STANDARD_SECRET, STANDARD_TIME, STANDARD_BODY, fields);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O",
        "v1,g0hM9SsE",
        "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1=g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,G0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
      })
  void aSignatureThatIsCutOrOfAnotherKindIsRefused(String signature) {
    Map<String, String> fields = standard("webhook-");
    fields.put("webhook-signature", signature);
    refused(
        SignatureScheme.STANDARD_WEBHOOKS, STANDARD_SECRET, STANDARD_TIME, STANDARD_BODY, fields);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=",
        "sha256=757107ea0eb2509fc211221cce984b8a",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1700",
        "sha256=857107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
      })
  void aGithubSignatureThatIsNotWholeIsRefused(String signature) {
    refused(
        SignatureScheme.GITHUB,
        GITHUB_SECRET,
        0,
        "Hello, World!",
        Map.of("X-Hub-Signature-256", signature));
  }

  @Test
  void everyPartThatIsSignedCounts() {
    refused(
        SignatureScheme.STANDARD_WEBHOOKS,
        STANDARD_SECRET,
        STANDARD_TIME,
        STANDARD_BODY + " ",
        standard("webhook-"));
    Map<String, String> otherId = standard("webhook-");
    otherId.put("webhook-id", STANDARD_ID + "x");
    refused(
        SignatureScheme.STANDARD_WEBHOOKS, STANDARD_SECRET, STANDARD_TIME, STANDARD_BODY, otherId);
    Map<String, String> otherTime = standard("webhook-");
    otherTime.put("webhook-timestamp", Long.toString(STANDARD_TIME + 1));
    refused(
        SignatureScheme.STANDARD_WEBHOOKS,
        STANDARD_SECRET,
        STANDARD_TIME,
        STANDARD_BODY,
        otherTime);
    refused(
        SignatureScheme.SLACK,
        SLACK_SECRET,
        SLACK_TIME,
        SLACK_BODY,
        slack(SLACK_TIME + 1, SLACK_SIGNATURE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void aFieldThatIsMissingOrSentTwiceIsRefused(String name) {
    Map<String, String> without = standard("webhook-");
    without.remove(name);
    refused(
        SignatureScheme.STANDARD_WEBHOOKS, STANDARD_SECRET, STANDARD_TIME, STANDARD_BODY, without);

    Map<String, List<String>> twice = new LinkedHashMap<>();
    standard("webhook-").forEach((field, value) -> twice.put(field, List.of(value)));
    twice.put(name, List.of(standard("webhook-").getOrDefault(name, ""), "another"));
    HookRequest incoming =
        new HookRequest(new Fields(twice), STANDARD_BODY.getBytes(StandardCharsets.UTF_8), "test");
    assertThrows(
        SignatureRefusedException.class,
        () -> check(SignatureScheme.STANDARD_WEBHOOKS, incoming, STANDARD_TIME, STANDARD_SECRET));
  }

  @Test
  void fieldsOfTheOtherFamilyDoNotCompleteTheOne() {
    Map<String, String> mixed = standard("webhook-");
    mixed.remove("webhook-id");
    mixed.put("svix-id", STANDARD_ID);
    refused(
        SignatureScheme.STANDARD_WEBHOOKS, STANDARD_SECRET, STANDARD_TIME, STANDARD_BODY, mixed);
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer a-secret-of-mine,true",
    "bearer a-secret-of-mine,true",
    "BEARER   a-secret-of-mine,true",
    "Bearer a-secret-of-min,false",
    "Bearer a-secret-of-minee,false",
    "Bearer A-secret-of-mine,false",
    "Bearer,false",
    "Basic a-secret-of-mine,false",
    "a-secret-of-mine,false"
  })
  void aBearerIsAcceptedOnlyWithItsSecret(String header, boolean isTaken) {
    Map<String, String> fields = Map.of("Authorization", header);
    if (isTaken) {
      taken(SignatureScheme.BEARER, "a-secret-of-mine", 0, "", fields);
    } else {
      refused(SignatureScheme.BEARER, "a-secret-of-mine", 0, "", fields);
    }
  }

  @Test
  void refusalsSayWhyAndNameNoSecret() {
    SignatureRefusedException late =
        refused(
            SignatureScheme.STANDARD_WEBHOOKS,
            STANDARD_SECRET,
            STANDARD_TIME + 301,
            STANDARD_BODY,
            standard("webhook-"));
    assertTrue(String.valueOf(late.getMessage()).contains("5 minutes from now"), late.getMessage());
    SignatureRefusedException wrong =
        refused(
            SignatureScheme.BEARER,
            "a-secret-of-mine",
            0,
            "",
            Map.of("Authorization", "Bearer wrong-one"));
    assertTrue(
        Stream.of("a-secret", "wrong-one")
            .noneMatch(secret -> String.valueOf(wrong.getMessage()).contains(secret)),
        wrong.getMessage());
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

  private static SignatureRefusedException refused(
      SignatureScheme scheme, String secret, long now, String body, Map<String, String> fields) {
    return assertThrows(
        SignatureRefusedException.class, () -> check(scheme, incoming(body, fields), now, secret));
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
