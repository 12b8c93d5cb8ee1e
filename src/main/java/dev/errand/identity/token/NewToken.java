package dev.errand.identity.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** A token with its text, in the answer that creates it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("NewToken")
public record NewToken(
    @JsonUnwrapped TokenView view,
    @Field(
            "`err_`, 43 of `0-9 A-Z a-z` with 256 random bits, and 6 with the CRC-32 of all that"
                + " stands before them.")
        String token,
    @Field("What is probably not meant; absent for nothing.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<TokenWarning> warnings) {

  /** Something about a new token that is probably not meant. */
  @RegisterForReflection
  public record TokenWarning(
      @Field("`task_unknown`: a task that the token is limited to does not exist yet.") String code,
      @Field String message) {
    private static TokenWarning unknown(String task) {
      return new TokenWarning(
          "task_unknown",
          "There is no task " + task + " yet: the token covers it once it is registered.");
    }
  }

  /** A token, with a warning for each task that does not exist. */
  static NewToken of(TokenView view, String token, List<String> unknownTasks) {
    return new NewToken(view, token, unknownTasks.stream().map(TokenWarning::unknown).toList());
  }

  /** Only the id, so that a log does not reveal the token. */
  @Override
  public String toString() {
    return "token " + view.id();
  }
}
