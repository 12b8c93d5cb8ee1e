package dev.errand.identity.account;

import java.util.Locale;

/** What a user may do beyond their own profiles. */
public enum UserRole {
  /** May manage users and keys, and see the audit. */
  ADMIN,
  /** May use their own profiles and those that are shared with them. */
  MEMBER;

  /** The name in JSON and in the database. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that name. */
  public static UserRole of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
