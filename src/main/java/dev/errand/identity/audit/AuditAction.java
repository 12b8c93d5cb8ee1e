package dev.errand.identity.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/**
 * What is done to an object. The code in JSON and in the database is the name with a dot for the
 * first underscore.
 */
@ApiSchema(value = "AuditAction", description = "What was done to the object.")
public enum AuditAction implements Coded {
  /** A user was created; an invitation may have been made. */
  USER_CREATED,
  /** A user's role or address was changed, or the user was disabled or enabled. */
  USER_CHANGED,
  USER_DELETED,
  /** A link was made by which the user chooses another password. */
  USER_RESET,
  /** A link was used: the user has a password and is signed in. */
  INVITATION_ACCEPTED,
  PASSWORD_CHANGED,
  SESSION_STARTED,
  SESSION_ENDED,
  TOKEN_CREATED,
  TOKEN_REVOKED,
  /** A user granted a client access by OAuth. */
  GRANT_CREATED,
  /** A grant was ended, by the user, by the client, or because it was abused. */
  GRANT_ENDED,
  /** An OAuth client was made by hand. */
  CLIENT_CREATED,
  CLIENT_CHANGED,
  CLIENT_DELETED,
  PROFILE_CREATED,
  /** A profile was renamed, described, published, or otherwise changed. */
  PROFILE_CHANGED,
  PROFILE_DELETED,
  PROFILE_PAUSED,
  PROFILE_RESUMED,
  /** A profile was shared with a user. */
  MEMBER_ADDED,
  MEMBER_CHANGED,
  MEMBER_REMOVED,
  PROVIDER_CREATED,
  PROVIDER_CHANGED,
  PROVIDER_DELETED,
  TASK_CREATED,
  TASK_CHANGED,
  TASK_DELETED,
  SCHEDULE_CREATED,
  SCHEDULE_CHANGED,
  /** A schedule that had paused itself was resumed. */
  SCHEDULE_RESUMED,
  SCHEDULE_DELETED,
  TRIGGER_CREATED,
  TRIGGER_CHANGED,
  TRIGGER_DELETED,
  CALLBACK_ENABLED,
  /** A delivery to a callback was repeated. */
  CALLBACK_REDELIVERED,
  CHANNEL_CREATED,
  CHANNEL_CHANGED,
  CHANNEL_DELETED,
  /** The recipient of an e-mail address confirmed it; the line names the owner of the profile. */
  CHANNEL_CONFIRMED,
  /** The recipient switched the channel off; the line names the owner of the profile. */
  CHANNEL_UNSUBSCRIBED,
  CHANNEL_REFUSED,
  NOTICE_CREATED,
  NOTICE_CHANGED,
  NOTICE_DELETED,
  /** A delivery of a notice was repeated. */
  NOTICE_REDELIVERED,
  BUDGET_CREATED,
  BUDGET_CHANGED,
  BUDGET_DELETED,
  /** Somebody decided about a tool call that waited. */
  APPROVAL_DECIDED,
  RUN_CANCELLED,
  RUN_RETRIED,
  INSTALLATION_CREATED,
  INSTALLATION_CHANGED,
  INSTALLATION_DELETED,
  SERVLET_PUBLISHED,
  /** A version was withdrawn from new installations. */
  SERVLET_YANKED,
  /** A version that was withdrawn is offered again. */
  SERVLET_UNYANKED,
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
