package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import dev.parley.Eventually;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImpatientPoolTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** How long a caller waits who is let wait, and well below that. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration AT_ONCE = Duration.ofMillis(500);

  private static final Executor THREADS = work -> new Thread(work).start();

  @TempDir private Path directory;

  private OwnPostgres postgres;
  private ImpatientPool pool;

  @BeforeEach
  void start() {
    postgres =
        OwnPostgres.start(
            directory.resolve("data"), directory.resolve("wal"), directory.resolve("log"));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(postgres.address().jdbcUrl());
    config.setUsername(postgres.address().user());
    config.setPassword(postgres.address().password());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(PATIENCE.toMillis());
    pool = new ImpatientPool(config, postgres.address().toString());
  }

  @AfterEach
  void stop() {
    pool.close();
    postgres.close();
  }

  @Test
  void while_the_server_is_away_one_waits_for_it_and_the_others_are_refused_at_once()
      throws Exception {
    postgres.stop("immediate");
    assertThat(Eventually.within(LIMIT, () -> waiting(4) == 1)).isTrue();
    postgres.start();
    assertThat(Eventually.within(LIMIT, this::connects)).isTrue();
    CompletableFuture<Boolean> another = CompletableFuture.supplyAsync(this::connects, THREADS);
    assertThat(another.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void when_all_its_connections_are_in_use_everybody_waits() throws Exception {
    try (Connection inUse = pool.getConnection()) {
      assertThat(inUse.isValid(1)).isTrue();
      CompletableFuture<Duration> other =
          CompletableFuture.supplyAsync(this::timeToRefusal, THREADS);
      assertThat(timeToRefusal()).isGreaterThan(AT_ONCE);
      assertThat(timeToRefusal()).isGreaterThan(AT_ONCE);
      assertThat(other.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isGreaterThan(AT_ONCE);
    }
    assertThat(connects()).isTrue();
  }

  /** How many of so many callers at the same time are let wait. */
  private long waiting(int callers) {
    return Stream.generate(() -> CompletableFuture.supplyAsync(this::timeToRefusal, THREADS))
        .limit(callers)
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .filter(time -> time.compareTo(AT_ONCE) > 0)
        .count();
  }

  private Duration timeToRefusal() {
    long asked = System.nanoTime();
    assertThat(connects()).as("a connection is got").isFalse();
    return Duration.ofNanos(System.nanoTime() - asked);
  }

  private boolean connects() {
    try (Connection connection = pool.getConnection()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }
}
