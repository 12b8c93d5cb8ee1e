package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Choice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page that changes a profile.
 *
 * @param message why a change was refused; null where none was
 * @param isDefault whether it is the profile that keeps its name and can't be deleted
 * @param isPublic whether everybody may see it and its installations
 * @param offers what it offers to chats
 * @param paused whether no runs are started in it
 */
public record ProfileEditView(
    String address,
    @Nullable String message,
    boolean isDefault,
    String name,
    String description,
    boolean isPublic,
    List<Choice> offers,
    boolean paused) {}
