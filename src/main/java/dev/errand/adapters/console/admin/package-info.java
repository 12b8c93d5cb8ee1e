/** The pages for admins: users, the audit, and the state of the service. */
@NullMarked
package dev.errand.adapters.console.admin;

import org.jspecify.annotations.NullMarked;
