/** What a tool is to a model: a name, a schema, and a call that answers with content. */
@NullMarked
package dev.errand.tools.tool;

import org.jspecify.annotations.NullMarked;
