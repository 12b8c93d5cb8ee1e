package dev.errand.tools.servlet.module;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableFactory;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A table of one instance with a bound on its entries. The runtime's own table writes its growth
 * into the module's limits, which all instances share, so this one copies them for each instance.
 */
public final class BoundedTable extends TableInstance {
  private final AtomicInteger left;

  private BoundedTable(Table table, int value, AtomicInteger left) {
    super(
        new Table(
            table.elementType(),
            new TableLimits(table.limits().min(), table.limits().max()),
            table.initialize()),
        value);
    this.left = left;
    left.addAndGet(-size());
  }

  /** A factory of the tables of one instance, which share a bound on their entries. */
  public static TableFactory factory(int entries) {
    var left = new AtomicInteger(entries);
    return (table, value) -> new BoundedTable(table, value, left);
  }

  @Override
  public int grow(int more, int value, Instance instance) {
    if (more < 0 || more > left.get() || (long) size() + more > limits().max()) {
      return -1;
    }
    left.addAndGet(-more);
    return super.grow(more, value, instance);
  }
}
