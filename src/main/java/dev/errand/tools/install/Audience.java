package dev.errand.tools.install;

/** The audience of a sentence about missing hosts and settings. */
public enum Audience {
  /** A person, who can send a command. */
  PERSON,
  /** A model, which can only tell the user. */
  MODEL
}
