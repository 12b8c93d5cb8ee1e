package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.field.NameRule;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** A request to create or to change a profile. */
@RegisterForReflection
@ApiSchema(value = "ProfileRequest", answer = ProfileView.class, patch = "ProfilePatch")
public record ProfileRequest(
    @Field(pattern = NameRule.OF_PROFILE, refusal = ProfileRequest.REFUSAL, resettable = false)
        @Nullable String name,
    @Field(most = 1000) @Nullable String description,
    @Field(
            value =
                "Whether all users may see the profile and its installations, but nothing else in"
                    + " it.",
            defaultValue = "false")
        @JsonProperty("is_public")
        @Nullable Boolean isPublic,
    @Field("What it offers to chats at `/mcp`; by default `tasks` and `tools`.")
        McpOffer.@Nullable Request mcp)
    implements CheckedRequest {
  static final String REFUSAL = "must be 1 to 64 of A-Z a-z 0-9 . _ ~ - and neither ~ nor . nor ..";

  /** The request where there is no body: a private profile without a description. */
  static final ProfileRequest EMPTY = new ProfileRequest(null, null, null, null);

  /** Checks its fields; the name if there is one. */
  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    if (name != null) {
      wrong.add(() -> checkedName(name));
    }
    wrong.add(this::wantedDescription);
    wrong.refuse();
  }

  /**
   * Checks a name.
   *
   * @throws ApiException when no profile can have it
   */
  static String checkedName(@Nullable String name) {
    // In an address ~ is the caller.
    if (name == null || !NameRule.TILDE.admits(name) || name.equals("~")) {
      throw ApiException.invalid("name", REFUSAL);
    }
    return name;
  }

  /**
   * The description; empty by default.
   *
   * @throws ApiException when it has control characters
   */
  String wantedDescription() {
    if (description == null) {
      return "";
    }
    if (description
        .chars()
        .anyMatch(one -> Character.isISOControl(one) && one != '\n' && one != '\t')) {
      throw ApiException.invalid("description", "must have no control characters");
    }
    return description;
  }

  /** Whether it is to be public; not by default. */
  boolean wantsPublic() {
    return Boolean.TRUE.equals(isPublic);
  }
}
