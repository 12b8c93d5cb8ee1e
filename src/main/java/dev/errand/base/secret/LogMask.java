package dev.errand.base.secret;

import io.quarkus.logging.LoggingFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A log filter that masks secrets, in every category and at every level, because libraries log
 * whole requests at debug level. It masks addresses of triggers, header and form fields that carry
 * a secret, strings that look like a key or a token, and the configured secrets of this process.
 */
@LoggingFilter(name = "secrets")
public final class LogMask implements Filter {
  private static final String MASK = "***";
  private static final int SHORTEST_VALUE = 8;
  private static final int DEEPEST = 20;

  private static final List<String> CONFIGURED =
      List.of(
          "errand.secret.key",
          "errand.secret.previous-keys",
          "errand.bootstrap.session",
          "errand.events.token",
          "errand.dispatch.token",
          "quarkus.oidc.credentials.secret",
          "quarkus.oidc.credentials.client-secret.value",
          "quarkus.datasource.password",
          "quarkus.mailer.password");

  // One address can be written in many ways: each letter, too, may be percent-encoded.
  private static final Pattern HOOK =
      ignoringCase(
          "((?:h|%68)(?:o|%6f){2}(?:k|%6b)(?:s|%73)(?:;[^/\\s]*)?(?:/|%2f)+)[^\\s\"'<>,)\\]}?#&|]+");

  // Links by which a user chooses a password, and a recipient says what to do with messages.
  private static final Pattern LINK =
      ignoringCase(
          "((?:invitations|channels(?:/|%2f)+(?:confirm|unsubscribe))(?:/|%2f)+)[^\\s\"'<>,)\\]}?#&|]+");

  // Addresses of chats at which anybody who knows one may post.
  private static final Pattern CHAT =
      ignoringCase(
          "(hooks\\.slack\\.com/|discord(?:app)?\\.com/api/(?:v[0-9]+/)?webhooks/)[^\\s\"'<>,)\\]}?#&|]+");

  private static final Pattern FIELD =
      ignoringCase(
          "((?:authorization|cookie2?|(?:x-)?(?:[a-z]+-)?(?:api-?key|token))[\"']?\\s?[=:]\\s?[\"']?)"
              + "[^\\r\\n\"'\\])}]+");

  private static final Pattern SESSION = ignoringCase("(sessionid=)[^\\s;,\"'\\])}]+");

  private static final Pattern MEMBER =
      ignoringCase(
          "(\"(?:key|keys|secret|secrets|password|current|new|session|token|access_token|refresh_token|api_key|"
              + "client_secret|private_key)\"\\s*:\\s*)(?:\"(?:[^\"\\\\]|\\\\.)*+\"?|\\[[^\\]]*+\\]?)");

  private static final Pattern PARAMETER =
      ignoringCase("((?:password|secret|api_?key|access_token|refresh_token)=)[^\\s&;,\"')\\]}]+");

  private static final Pattern CREDENTIALS =
      ignoringCase("\\b((?:bearer|basic) )[A-Za-z0-9._~+/=-]{20,}");

  // Keys of common services; 43 and 64 characters of Base64 are 32 and 48 bytes: a session, and
  // what follows /hooks/.
  private static final Pattern SHAPE =
      Pattern.compile(
          "(\\b)(?:(?:sk|pk|rk|err|whsec|ghp|gho|github_pat|xox[a-z])[_-][A-Za-z0-9+/=_-]{12,}"
              + "|(?<![A-Za-z0-9_-])(?=[A-Z0-9_-]*[a-z])(?=[a-z0-9_-]*[A-Z])(?=[A-Za-z_-]*[0-9])"
              + "(?:[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{64})(?![A-Za-z0-9_-]))");

  // Whatever comes before it, such as %3D.
  private static final Pattern TOKEN = Pattern.compile("()err_[0-9A-Za-z]{40,}");

  // Tokens of an OpenID provider (RFC 7519): their head is the Base64 of {"
  private static final Pattern JWT =
      Pattern.compile("(\\b)eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)*");

  private static final List<Pattern> ALL =
      List.of(HOOK, LINK, CHAT, SESSION, FIELD, MEMBER, PARAMETER, CREDENTIALS, JWT, SHAPE, TOKEN);

  private static final LogMask SHAPES = new LogMask(List.of());

  private final List<String> values;

  /** Masks the configured secrets, and everything that looks like a secret. */
  public LogMask() {
    this(configured());
  }

  LogMask(List<String> values) {
    this.values = List.copyOf(values);
  }

  @Override
  public boolean isLoggable(LogRecord record) {
    String message = message(record);
    if (message != null) {
      String masked = mask(message);
      if (!masked.equals(message)) {
        if (record instanceof ExtLogRecord extended) {
          extended.setMessage(masked, ExtLogRecord.FormatStyle.NO_FORMAT);
        } else {
          record.setMessage(masked);
        }
        record.setParameters(null);
      }
    }
    Throwable thrown = record.getThrown();
    if (thrown != null && containsSecret(thrown, 0)) {
      record.setThrown(new Masked(thrown, this, 0));
    }
    return true;
  }

  private static Pattern ignoringCase(String form) {
    return Pattern.compile(form, Pattern.CASE_INSENSITIVE);
  }

  /** A text without what looks like a secret. */
  public static String masked(String text) {
    return SHAPES.mask(text);
  }

  String mask(String text) {
    String masked = text;
    for (String value : values) {
      masked = masked.replace(value, MASK);
    }
    for (Pattern pattern : ALL) {
      masked = pattern.matcher(masked).replaceAll("$1" + MASK);
    }
    return masked;
  }

  @SuppressWarnings("deprecation") // The only way to get the text without the pattern's additions.
  private static @Nullable String message(LogRecord record) {
    return record instanceof ExtLogRecord extended
        ? extended.getFormattedMessage()
        : new SimpleFormatter().formatMessage(record);
  }

  private boolean containsSecret(Throwable thrown, int depth) {
    String text = String.valueOf(thrown);
    if (!mask(text).equals(text)) {
      return true;
    }
    Throwable cause = thrown.getCause();
    if (cause != null && depth < DEEPEST && containsSecret(cause, depth + 1)) {
      return true;
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      if (depth < DEEPEST && containsSecret(suppressed, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> configured() {
    List<String> values = new ArrayList<>();
    Config config = ConfigProvider.getConfig();
    for (String name : CONFIGURED) {
      for (String value : config.getOptionalValue(name, String.class).orElse("").split(",", -1)) {
        if (value.length() >= SHORTEST_VALUE) {
          values.add(value);
        }
      }
    }
    return values;
  }

  /** A copy of an exception for the log: its stack trace, and its message without secrets. */
  private static final class Masked extends Throwable {
    private static final long serialVersionUID = 1L;

    Masked(Throwable thrown, LogMask mask, int depth) {
      super(mask.mask(String.valueOf(thrown)));
      setStackTrace(thrown.getStackTrace());
      Throwable cause = thrown.getCause();
      if (cause != null && depth < DEEPEST) {
        initCause(new Masked(cause, mask, depth + 1));
      }
      for (Throwable suppressed : thrown.getSuppressed()) {
        if (depth < DEEPEST) {
          addSuppressed(new Masked(suppressed, mask, depth + 1));
        }
      }
    }
  }
}
