package dev.errand.identity.account;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** What a user is. */
@ApiSchema(value = "UserKind", description = "A person signs in, a service only has tokens.")
public enum UserKind implements Coded {
  PERSON,
  SERVICE;

  public static UserKind of(String code) {
    return Coded.of(UserKind.class, code);
  }
}
