package dev.parley.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.projection.ProjectionStatus;
import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final List<ProjectionStatus> LATE =
      List.of(new ProjectionStatus("p", true, 1_000_000, Duration.ofDays(9), 7, List.of()));

  /** A database that is there, or refuses every connection. */
  private record Database(boolean there) implements DataSource {
    @Override
    public Connection getConnection() throws SQLException {
      if (!there) {
        throw new SQLException("away");
      }
      return (Connection) proxy(Connection.class, (Statement) proxy(Statement.class, true));
    }

    private static Object proxy(Class<?> type, Object answer) {
      return Proxy.newProxyInstance(
          type.getClassLoader(),
          new Class<?>[] {type},
          (self, method, arguments) -> method.getReturnType() == void.class ? null : answer);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
      return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLException("nothing in here");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }

  private static final Supplier<CompletionStage<Void>> THERE =
      () -> CompletableFuture.completedFuture(null);

  private static Health.Report report(
      boolean database,
      Supplier<CompletionStage<List<ProjectionStatus>>> projections,
      Health.@Nullable Ping clickHouse)
      throws Exception {
    return answer(
        new Health(
            new Database(database), Runnable::run, () -> true, THERE, projections, clickHouse));
  }

  private static Health.Report answer(Health health) throws Exception {
    return health.get().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static <T> CompletableFuture<T> failed() {
    return CompletableFuture.failedFuture(new IllegalStateException("away"));
  }

  @Test
  void a_late_projection_and_a_clickhouse_that_is_away_are_told_and_decide_nothing()
      throws Exception {
    assertThat(report(true, () -> CompletableFuture.completedFuture(LATE), limit -> failed()))
        .isEqualTo(new Health.Report(List.of(), LATE, false));
  }

  @Test
  void without_its_database_the_server_is_not_well() throws Exception {
    assertThat(report(false, HealthTest::failed, null))
        .isEqualTo(new Health.Report(List.of("journal"), null, null));
  }

  @Test
  void positions_that_nobody_can_read_are_left_out() throws Exception {
    assertThat(report(true, HealthTest::failed, limit -> CompletableFuture.completedFuture(null)))
        .isEqualTo(new Health.Report(List.of(), null, true));
  }

  @Test
  void a_node_that_is_no_member_or_whose_shards_do_not_answer_is_not_well() throws Exception {
    assertThat(
            answer(
                new Health(
                    new Database(true),
                    Runnable::run,
                    () -> false,
                    HealthTest::failed,
                    HealthTest::failed,
                    null)))
        .isEqualTo(new Health.Report(List.of("cluster", "sharding"), null, null));
  }

  @Test
  void what_does_not_answer_is_waited_for_two_seconds() throws Exception {
    long start = System.nanoTime();
    assertThat(
            answer(
                new Health(
                    new Database(true),
                    never -> {},
                    () -> true,
                    () -> {
                      throw new AssertionError("nothing but the database is at fault");
                    },
                    CompletableFuture::new,
                    limit -> new CompletableFuture<>())))
        .isEqualTo(new Health.Report(List.of("journal"), null, false));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void those_who_ask_together_share_one_look_and_the_next_one_looks_again() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    CompletableFuture<List<ProjectionStatus>> found = new CompletableFuture<>();
    Health health =
        new Health(
            new Database(true),
            Runnable::run,
            () -> true,
            THERE,
            () -> {
              looks.incrementAndGet();
              return found;
            },
            null);
    CompletionStage<Health.Report> first = health.get();
    CompletionStage<Health.Report> second = health.get();
    found.complete(LATE);
    assertThat(first.toCompletableFuture().get()).isEqualTo(second.toCompletableFuture().get());
    assertThat(looks).hasValue(1);
    answer(health);
    assertThat(looks).hasValue(2);
  }

  @Test
  void a_look_that_can_not_even_begin_does_not_keep_others_from_looking() throws Exception {
    Health health =
        new Health(
            new Database(true),
            refused -> {
              throw new RejectedExecutionException("stopping");
            },
            () -> true,
            THERE,
            HealthTest::failed,
            null);
    assertThat(health.get().toCompletableFuture()).isCompletedExceptionally();
    assertThat(health.get().toCompletableFuture()).isCompletedExceptionally();
  }
}
