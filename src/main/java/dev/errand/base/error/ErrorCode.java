package dev.errand.base.error;

import java.util.Locale;

/**
 * The errors of the API, each with its HTTP status. The lower-case name is the stable {@code code}
 * of the problem document (RFC 9457). Clients may branch on it, so a published name never changes
 * its meaning.
 */
public enum ErrorCode {
  MALFORMED_JSON(400, "The body is not a JSON object"),
  INVALID_INPUT(400, "The request is not valid"),
  MISSING_PARAMETERS(400, "Parameters are missing"),
  KEY_REQUIRED(400, "A key is required"),
  EGRESS_REFUSED(400, "The address may not be called"),
  INVALID_SERVLET(400, "The servlet was refused"),
  AMBIGUOUS_SESSION(400, "More than one session"),
  UNAUTHENTICATED(401, "Authentication is required"),
  SIGN_IN_REFUSED(401, "The sign-in or password was refused"),
  SIGNATURE_REFUSED(401, "The signature or token was refused"),
  FORBIDDEN(403, "Not allowed"),
  CROSS_SITE(403, "The request comes from another site"),
  SCOPE_MISSING(403, "The credential lacks a scope"),
  ROLE_MISSING(403, "The role in the profile does not suffice"),
  APPROVAL_NEEDED(403, "The call needs approval"),
  APPROVALS_LOOSENED(403, "Only owners loosen approvals"),
  NOT_FOUND(404, "Not found"),
  USER_NOT_FOUND(404, "No such user"),
  SESSION_NOT_FOUND(404, "No such session"),
  INVITATION_NOT_FOUND(404, "No such invitation"),
  PROFILE_NOT_FOUND(404, "No such profile"),
  PROVIDER_NOT_FOUND(404, "No such provider"),
  TASK_NOT_FOUND(404, "No such task"),
  RUN_NOT_FOUND(404, "No such run"),
  SERVLET_NOT_FOUND(404, "No such servlet"),
  VERSION_NOT_FOUND(404, "No such version"),
  CONTENT_NOT_FOUND(404, "No such content"),
  INSTALLATION_NOT_FOUND(404, "No such installation"),
  TOOL_NOT_FOUND(404, "No such tool"),
  TRIGGER_NOT_FOUND(404, "No such trigger"),
  CALLBACK_NOT_FOUND(404, "No such callback"),
  CHANNEL_NOT_FOUND(404, "No such channel"),
  NOTICE_NOT_FOUND(404, "No such notice"),
  BUDGET_NOT_FOUND(404, "No such budget"),
  APPROVAL_NOT_FOUND(404, "No such approval"),
  DELIVERY_NOT_FOUND(404, "No such delivery"),
  TOKEN_NOT_FOUND(404, "No such token"),
  GRANT_NOT_FOUND(404, "No such grant"),
  CLIENT_NOT_FOUND(404, "No such OAuth client"),
  SCHEDULE_NOT_FOUND(404, "No such schedule"),
  NO_OAUTH(404, "No OAuth token to give"),
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  NOT_ACCEPTABLE(406, "No acceptable representation"),
  REQUEST_TIMEOUT(408, "The request took too long to arrive"),
  USER_DISABLED(409, "The user is disabled"),
  TASK_DISABLED(409, "The task is disabled"),
  TRIGGER_DISABLED(409, "The trigger is disabled"),
  PROFILE_PAUSED(409, "The profile is paused"),
  TASK_HAS_LIVE_RUNS(409, "The task has live runs"),
  PROFILE_HAS_LIVE_RUNS(409, "The profile has live runs"),
  USER_HAS_LIVE_RUNS(409, "The user has live runs"),
  LAST_ADMIN(409, "The last admin"),
  CHANGE_NOT_FOUND(409, "No such change of the tools"),
  ALREADY_EXISTS(409, "Already exists"),
  SERVLET_IN_USE(409, "The servlet is in use"),
  PROVIDER_IN_USE(409, "The provider is in use"),
  RUN_NOT_ENDED(409, "The run has not ended"),
  ALREADY_DECIDED(409, "It is decided already"),
  RUN_READY(409, "The run is ready"),
  RUN_OVERLAPS(409, "A run of the task has not ended"),
  CALLBACK_OFF(409, "The callback is switched off"),
  CHANNEL_OFF(409, "The channel is switched off"),
  MAIL_OFF(409, "E-mail is not set up"),
  ALREADY_CONFIRMED(409, "The address is confirmed"),
  NOT_REPLAYABLE(409, "The delivery can't be repeated"),
  TOO_MANY_PROVIDERS(409, "Too many providers"),
  TOO_MANY_SCHEDULES(409, "Too many schedules"),
  TOO_MANY_PROFILES(409, "Too many profiles"),
  TOO_MANY_TASKS(409, "Too many tasks"),
  TOO_MANY_TRIGGERS(409, "Too many triggers"),
  TOO_MANY_CHANNELS(409, "Too many channels"),
  TOO_MANY_NOTICES(409, "Too many notices"),
  TOO_MANY_BUDGETS(409, "Too many budgets"),
  TOO_MANY_INSTALLATIONS(409, "Too many installations"),
  TOO_MANY_SERVLETS(409, "Too many servlets"),
  TOO_MANY_TOKENS(409, "Too many tokens"),
  TOO_MANY_VERSIONS(409, "Too many versions"),
  DEPTH_EXCEEDED(409, "The run is nested too deeply"),
  TRIGGER_GONE(410, "The address was withdrawn"),
  RUN_GONE(410, "The run was removed"),
  CHANGED_MEANWHILE(412, "Changed meanwhile"),
  TOO_LARGE(413, "Too large"),
  ADDRESS_TOO_LONG(414, "The address is too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
  QUEUE_FULL(429, "Too many queued runs"),
  RATE_LIMITED(429, "Too many requests"),
  HEADERS_TOO_LARGE(431, "The header fields are too large"),
  INTERNAL(500, "Internal error"),
  MCP_SERVER_FAILED(502, "The MCP server failed"),
  PROVIDER_FAILED(502, "The provider's server failed"),
  UNAVAILABLE(503, "Temporarily unavailable");

  private final int status;
  private final String title;

  ErrorCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  /** A short summary of the kind of error, the same at every occurrence. */
  public String title() {
    return title;
  }

  /** The code as it stands in JSON, such as {@code task_not_found}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
