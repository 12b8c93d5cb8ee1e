package dev.errand.adapters.console.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that installs a servlet or changes an installation of one, with its values.
 *
 * @param back where it leads back to
 * @param message why it was refused; null where it was not
 * @param versions the versions to choose from
 * @param version the one that is chosen
 * @param wanted the hosts that the servlet declares
 * @param domains the hosts that it may call, one per line
 * @param added the keys of settings to be added; empty for none
 */
public record ServletFormView(
    boolean isNew,
    String slug,
    String description,
    String action,
    String back,
    @Nullable String message,
    String name,
    List<Choice> versions,
    String version,
    List<String> wanted,
    String domains,
    List<Setting> settings,
    List<String> added) {

  /**
   * A version to choose.
   *
   * @param value its content address, or how it is chosen
   */
  public record Choice(String value, String text) {}

  /**
   * A setting.
   *
   * @param isSet whether it has a value, which is never shown
   * @param isWanted whether the servlet declares that it reads it
   */
  public record Setting(String key, boolean isSet, boolean isWanted) {}
}
