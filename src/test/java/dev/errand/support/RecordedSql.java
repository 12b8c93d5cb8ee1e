package dev.errand.support;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import io.quarkus.test.Mock;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The helper for SQL as the tests have it: what it runs is also kept in a {@link StatementLog}. */
@Mock
@Singleton
public class RecordedSql extends Sql {
  private final DataSource database;
  private final @Nullable Sql held;

  @Inject
  RecordedSql(DataSource database) {
    this(database, null);
  }

  private RecordedSql(DataSource database, @Nullable Sql held) {
    super(database);
    this.database = database;
    this.held = held;
  }

  @Override
  public SqlStatement statement(String sql) {
    StatementLog.add(sql);
    return held == null ? super.statement(sql) : held.statement(sql);
  }

  @Override
  public <T> T onOneConnection(Function<Sql, T> work) {
    return super.onOneConnection(one -> work.apply(new RecordedSql(database, one)));
  }

  @Override
  public <T> T inTurn(String turn, Function<Sql, T> work, T otherwise) {
    return super.inTurn(turn, one -> work.apply(new RecordedSql(database, one)), otherwise);
  }
}
