package dev.errand.identity.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.field.NameRule;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.base.json.IsoInstant;
import dev.errand.identity.account.Scope;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request to make a token. */
@RegisterForReflection
@ApiSchema("TokenRequest")
public record TokenRequest(
    @Field(
            value = "What the token is for.",
            label = "What it is for",
            required = true,
            least = 1,
            most = TokenRequest.LONGEST_NAME)
        @Nullable String name,
    @Field(label = "It may", required = true, codes = Scope.class, schema = "Scope")
        @Nullable List<@Nullable String> scopes,
    @Field(
            value =
                "The profiles that it is limited to, such as `~/default`; by default, all that you"
                    + " may use.",
            label = "Only these profiles",
            least = 1,
            most = TokenRequest.MOST)
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable List<@Nullable String> profiles,
    @Field(
            value =
                "The tasks that it is limited to, such as `~/default/digest`, which need not exist"
                    + " yet; by default, all.",
            label = "Only these tasks",
            least = 1,
            most = TokenRequest.MOST)
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable List<@Nullable String> tasks,
    @Field(value = "When it expires; by default, never.", label = "Expires", format = "date-time")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable String expiresAt,
    @Field("The user of the kind `service` that gets the token; only for admins.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable String user)
    implements CheckedRequest {
  static final int LONGEST_NAME = 100;
  static final int MOST = 100;

  // Damaged characters are decoded as this one.
  private static final char REPLACEMENT = '\uFFFD';

  @Override
  public void check() {
    InvalidFields.check(
        () -> DeclaredFields.check(this),
        this::wantedName,
        this::wantedProfiles,
        this::wantedTasks,
        () -> wantedEnd(Instant.MIN));
  }

  String wantedName() {
    if (name == null || name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw ApiException.invalid(
          "name", "must say what the token is for, in 1 to " + LONGEST_NAME + " characters");
    }
    if (name.indexOf(REPLACEMENT) >= 0) {
      throw ApiException.invalid(
          "name", "has half of a surrogate pair or U+FFFD, which stands for a damaged character");
    }
    return name;
  }

  /** The scopes; at least one, since the request is checked. */
  Set<Scope> wantedScopes() {
    EnumSet<Scope> wanted = EnumSet.noneOf(Scope.class);
    if (scopes != null) {
      scopes.forEach(code -> wanted.add(Coded.require(Scope.class, "scopes", code)));
    }
    return wanted;
  }

  /** The profiles; empty where it is not to be limited to some. */
  List<String> wantedProfiles() {
    return limit("profiles", profiles, "user/profile", 2);
  }

  /** The tasks; empty where it is not to be limited to some. */
  List<String> wantedTasks() {
    List<String> wanted = limit("tasks", tasks, "user/profile/task", 3);
    for (String task : wanted) {
      String name = task.substring(task.lastIndexOf('/') + 1);
      if (!NameRule.TASK.admits(name)) {
        throw ApiException.invalid(
            "tasks",
            "has %s, which names no one task: each item is the exact name of a task, of A-Z a-z 0-9 . _ ~ -, and there are no patterns"
                .formatted(task));
      }
    }
    return wanted;
  }

  /** When it is to end; null for never. */
  @Nullable Instant wantedEnd(Instant now) {
    if (expiresAt == null) {
      return null;
    }
    Instant end = IsoInstant.parse("expires_at", expiresAt, ChronoUnit.MILLIS);
    if (!end.isAfter(now)) {
      throw ApiException.invalid("expires_at", "must be in the future");
    }
    return end;
  }

  private static List<String> limit(
      String field, @Nullable List<@Nullable String> given, String form, int parts) {
    if (given == null) {
      return List.of();
    }
    return given.stream().map(item -> checked(field, item, form, parts)).distinct().toList();
  }

  private static String checked(String field, @Nullable String item, String form, int parts) {
    if (item == null || !StorableText.is(item) || item.split("/", -1).length != parts) {
      throw ApiException.invalid(field, "must have items such as " + form + "; ~ is you");
    }
    return item;
  }
}
