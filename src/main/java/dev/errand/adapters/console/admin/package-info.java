/** The pages for admins: users, the audit, and how the service is. */
@NullMarked
package dev.errand.adapters.console.admin;

import org.jspecify.annotations.NullMarked;
