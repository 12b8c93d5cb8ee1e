package dev.errand.models.openai;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of {@code ModelConfig} by their former names, too, which began with the name of
 * the first runner. Where both are set, the present name wins. The configuration finds this class
 * in {@code META-INF/services}.
 */
@Priority(Priorities.APPLICATION)
public final class FormerModelKeys implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1L;

  private static final String PRESENT = "errand.model.";
  private static final String FORMER = "errand.openai.";

  /** The key that is the runner's own. */
  private static final String OWN = FORMER + "base-url";

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue present = context.proceed(name);
    if (!name.startsWith(PRESENT) || isSet(present)) {
      return present;
    }
    ConfigValue former = context.proceed(FORMER + name.substring(PRESENT.length()));
    return former == null ? present : former.withName(name);
  }

  // A default of the mapping is a value, too, from a source below all others.
  private static boolean isSet(@Nullable ConfigValue value) {
    return value != null && value.getConfigSourceOrdinal() > Integer.MIN_VALUE;
  }

  @Override
  public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
    Set<String> names = new LinkedHashSet<>();
    context
        .iterateNames()
        .forEachRemaining(
            name ->
                names.add(
                    name.startsWith(FORMER) && !name.equals(OWN)
                        ? PRESENT + name.substring(FORMER.length())
                        : name));
    return names.iterator();
  }
}
