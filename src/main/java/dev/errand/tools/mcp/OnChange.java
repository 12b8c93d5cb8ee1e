package dev.errand.tools.mcp;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** What happens when the tools of a server differ from those that are pinned. */
@ApiSchema(
    value = "OnChange",
    description =
        "What happens when the tools of a remote server change: `hold` keeps "
            + "the pinned ones until the change is accepted, `disable` switches all "
            + "of them off until then, `accept` pins the new ones at once.")
public enum OnChange implements Coded {
  /** The pinned ones stay in use until a person accepts the others. */
  HOLD,
  /** The new ones are pinned at once. */
  ACCEPT,
  /** No tool of the server can be called until a person accepts the new ones. */
  DISABLE;
}
