package dev.errand.tools.install.need;

/** Who reads what an installation lacks. */
public enum Reader {
  /** A person, who can send a command. */
  PERSON,
  /** A model, which can only tell the user. */
  MODEL
}
