package dev.errand.identity.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.errand.base.json.Coded;

/**
 * What is done to an object. The code in JSON and in the database is the name with a dot for the
 * first underscore.
 */
public enum AuditAction implements Coded {
  /** A user was created; an invitation may have been made. */
  USER_CREATED,
  /** A user's role or address was changed, or the user was disabled or enabled. */
  USER_CHANGED,
  /** A user was deleted with what is theirs. */
  USER_DELETED,
  /** A link was made by which the user chooses another password. */
  USER_RESET,
  /** A link was used: the user has a password and is signed in. */
  INVITATION_ACCEPTED,
  /** A user changed their password. */
  PASSWORD_CHANGED,
  /** A user signed in. */
  SESSION_STARTED,
  /** A session was ended by its user. */
  SESSION_ENDED,
  /** A token was made. */
  TOKEN_CREATED,
  /** A token was revoked. */
  TOKEN_REVOKED,
  /** A user granted a client access by OAuth. */
  GRANT_CREATED,
  /** A grant was ended, by the user, by the client, or because it was abused. */
  GRANT_ENDED,
  /** An OAuth client was made by hand. */
  CLIENT_CREATED,
  /** An OAuth client that was made by hand was changed. */
  CLIENT_CHANGED,
  /** An OAuth client that was made by hand was deleted, with what was granted to it. */
  CLIENT_DELETED,
  /** A profile was made. */
  PROFILE_CREATED,
  /** A profile was renamed, described, published, or otherwise changed. */
  PROFILE_CHANGED,
  /** A profile was deleted with what is in it. */
  PROFILE_DELETED,
  /** A profile was paused. */
  PROFILE_PAUSED,
  /** The pause of a profile was ended. */
  PROFILE_RESUMED,
  /** A profile was shared with a user. */
  MEMBER_ADDED,
  /** A member got another role. */
  MEMBER_CHANGED,
  /** A profile is no longer shared with a user. */
  MEMBER_REMOVED,
  /** A provider was made. */
  PROVIDER_CREATED,
  /** A provider or its key was changed. */
  PROVIDER_CHANGED,
  /** A provider was deleted. */
  PROVIDER_DELETED,
  /** A task was registered. */
  TASK_CREATED,
  /** A task was replaced or patched. */
  TASK_CHANGED,
  /** A task was deleted. */
  TASK_DELETED,
  /** A schedule was registered. */
  SCHEDULE_CREATED,
  /** A schedule was replaced or patched. */
  SCHEDULE_CHANGED,
  /** A schedule that had paused itself was resumed. */
  SCHEDULE_RESUMED,
  /** A schedule was deleted. */
  SCHEDULE_DELETED,
  /** A trigger was created. */
  TRIGGER_CREATED,
  /** A trigger was replaced. */
  TRIGGER_CHANGED,
  /** A trigger was deleted, and its address withdrawn. */
  TRIGGER_DELETED,
  /** A callback that was off was enabled. */
  CALLBACK_ENABLED,
  /** A delivery to a callback was repeated. */
  CALLBACK_REDELIVERED,
  /** A run was cancelled. */
  RUN_CANCELLED,
  /** A failed run was started again. */
  RUN_RETRIED,
  /** A servlet was installed. */
  INSTALLATION_CREATED,
  /** An installation was replaced or patched. */
  INSTALLATION_CHANGED,
  /** An installation was removed. */
  INSTALLATION_DELETED,
  /** A version of a servlet was published. */
  SERVLET_PUBLISHED,
  /** A version was withdrawn from new installations. */
  SERVLET_YANKED,
  /** A version that was withdrawn is offered again. */
  SERVLET_UNYANKED,
  /** A servlet was deleted. */
  SERVLET_DELETED,
  /** A stored secret, such as the address of a trigger, was shown. */
  SECRET_SHOWN,
  /** Resealing all secrets with the present master key was started. */
  SECRETS_RESEALED;

  /** The name in JSON and in the database, such as {@code task.created}. */
  @Override
  @JsonValue
  public String code() {
    return Coded.super.code().replaceFirst("_", ".");
  }
}
