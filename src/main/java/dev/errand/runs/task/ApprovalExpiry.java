package dev.errand.runs.task;

import dev.errand.base.database.CodedColumn;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** What happens where nobody decides in time. */
public enum ApprovalExpiry implements Coded {
  /** The model reads that nobody approved the call. */
  REJECT("the call is not made"),
  /** The run ends. */
  FAIL("the run fails"),
  /** The call is made. */
  APPROVE("the call is made");

  /** How it is stored. */
  @RegisterForReflection
  public static class Stored extends CodedColumn<ApprovalExpiry> {
    public Stored() {
      super(ApprovalExpiry.class);
    }

    @Override
    public @Nullable ApprovalExpiry convertToEntityAttribute(@Nullable String code) {
      return code == null ? null : of(code);
    }
  }

  private final String words;

  ApprovalExpiry(String words) {
    this.words = words;
  }

  /** The one with a code; for that of a newer version, the call is not made. */
  public static ApprovalExpiry of(String code) {
    return Coded.find(ApprovalExpiry.class, code).orElse(REJECT);
  }

  @Override
  public String words() {
    return words;
  }
}
