/** What can be set of models: by a task for its runner, and by the operator for all of them. */
@NullMarked
package dev.errand.models.model.settings;

import org.jspecify.annotations.NullMarked;
