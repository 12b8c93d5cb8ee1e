package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.admin.UserListView.UserForm;
import dev.errand.adapters.console.page.PageTime;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a user shows.
 *
 * @param address the address of the page
 * @param isPerson whether it is a person, and no service
 * @param created when the user was created
 * @param form the form that changes the user
 * @param tokens the page with the tokens of a service
 * @param audit what the user has done
 * @param link a link by which the person chooses another password, which is shown this once; null
 *     where none was made
 */
public record UserPageView(
    String address,
    boolean isPerson,
    PageTime created,
    UserForm form,
    String tokens,
    String audit,
    @Nullable String link) {}
