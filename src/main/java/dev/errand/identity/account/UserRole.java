package dev.errand.identity.account;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** What a user may do beyond their own profiles. */
@ApiSchema(value = "UserRole", description = "An admin also manages users and keys.")
public enum UserRole implements Coded {
  /** May manage users and keys, and see the audit. */
  ADMIN,
  /** May use their own profiles and those that are shared with them. */
  MEMBER;

  public static UserRole of(String code) {
    return Coded.of(UserRole.class, code);
  }
}
