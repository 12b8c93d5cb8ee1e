package dev.errand.identity.oauth;

import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/** The form of the page, as the user has sent it. */
public class ConsentForm {
  /** The query of the client's request. */
  @RestForm @Nullable String request;

  /** The ticket. */
  @RestForm @Nullable String ticket;

  /** {@code allow}; any other value is a refusal. */
  @RestForm @Nullable String decision;

  /** The scopes that the user leaves chosen. */
  @RestForm @Nullable List<String> scope;

  /** {@code all} or {@code some}: whether the client is limited to profiles. */
  @RestForm @Nullable String profiles;

  /** The names of the profiles to which it is limited. */
  @RestForm @Nullable List<String> profile;
}
