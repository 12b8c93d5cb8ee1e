package dev.errand.base.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogMaskTest {
  private static final String TOKEN =
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v";

  private final LogMask mask = new LogMask(List.of("chosen by an operator"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /hooks/some-thing?wait=1 HTTP/1.1 | POST /hooks/***?wait=1 HTTP/1.1",
        "at http://h:1/%68ook%73//./x%41y, then | at http://h:1/%68ook%73//***, then",
        "/hooks;a=b/some-thing' | /hooks;a=b/***'",
        "[host: h, cookie: sessionId=abc; a=b] | [host: h, cookie: ***]",
        "POST /api/invitations/abc-def HTTP/1.1 | POST /api/invitations/*** HTTP/1.1",
        "GET /channels/confirm/abc-def HTTP/1.1 | GET /channels/confirm/*** HTTP/1.1",
        "POST /channels/unsubscribe/abc HTTP/1.1 | POST /channels/unsubscribe/*** HTTP/1.1",
        "to https://hooks.slack.com/services/T0/B0/x failed | to https://hooks.slack.com/*** failed",
        "at https://discord.com/api/webhooks/1/x, then | at https://discord.com/api/webhooks/***, then",
        "{\"current\": \"a b\", \"new\": \"c\", \"n\": 1} | {\"current\": ***, \"new\": ***, \"n\": 1}",
        "{\"session\": \"abc\"} | {\"session\": ***}",
        "a=1; sessionId=abc; b=2 | a=1; sessionId=***; b=2",
        "Authorization=Bearer abc | Authorization=***",
        "('X-Api-Key': 'abc') | ('X-Api-Key': '***')",
        "with Bearer abcdefghijklmnopqrstuvwxyz! | with Bearer ***!",
        "{\"key\": \"a\\\"b\", \"name\": \"n\"} | {\"key\": ***, \"name\": \"n\"}",
        "{\"secrets\":[\"a\",\"b\"],\"n\":1} | {\"secrets\":***,\"n\":1}",
        "jdbc:postgresql://h/d?user=u&password=abc&x=1 | jdbc:postgresql://h/d?user=u&password=***&x=1",
        "it was chosen by an operator today | it was *** today",
        "the key sk-abcdef0123456789, then | the key ***, then",
        "the token " + TOKEN + " | the token ***",
        "idToken eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl is | idToken *** is",
        "id%3Derr_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG123456, then | id%3D***, then",
      })
  void masksWhatIsSecret(String text, String masked) {
    assertEquals(masked, mask.mask(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Embedded PostgreSQL 17 keeps its data in /var/lib/errand",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Run 7 of the task-runner is handed back: the tokens of its model are spent, token by token",
        "io.quarkus.resteasy.reactive.server.runtime.QuarkusResteasyReactiveRequestContext",
        "Basic authentication is not known here",
        "The queue could not be asked, and will be again: This connection has been closed."
      })
  void leavesWhatIsNone(String text) {
    assertEquals(text, mask.mask(text));
    ExtLogRecord record = record(text);
    assertTrue(mask.isLoggable(record));
    assertSame(text, record.getMessage());
  }

  @Test
  void masksParametersAndProblems() {
    ExtLogRecord record = record("asked for {0}");
    record.setParameters(new Object[] {"/hooks/" + TOKEN});
    Exception cause = new IllegalStateException("no route to /hooks/" + TOKEN);
    Exception problem = new IllegalArgumentException("failed", cause);
    problem.addSuppressed(new IllegalStateException("sessionId=abc"));
    record.setThrown(problem);
    assertTrue(mask.isLoggable(record));
    assertEquals("asked for /hooks/***", record.getMessage());
    StringWriter trace = new StringWriter();
    record.getThrown().printStackTrace(new PrintWriter(trace));
    assertFalse(trace.toString().contains(TOKEN), trace::toString);
    assertFalse(trace.toString().contains("abc"), trace::toString);
    assertTrue(
        trace.toString().contains("java.lang.IllegalStateException: no route to /hooks/***"),
        trace::toString);
    assertTrue(trace.toString().contains("LogMaskTest.java"), trace::toString);
  }

  private static ExtLogRecord record(String message) {
    return new ExtLogRecord(Level.FINE, message, "test");
  }
}
