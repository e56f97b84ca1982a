package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RepeatedFailureTest {
  private static final SQLException AWAY = new SQLException("Connection\n  refused");

  private final Logger log = (Logger) LoggerFactory.getLogger(RepeatedFailureTest.class);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
  private final RepeatedFailure failure =
      new RepeatedFailure(log, "Can't look, will try again", nanoTime::get);

  @BeforeEach
  void listen() {
    told.start();
    log.addAppender(told);
    log.setAdditive(false);
  }

  @AfterEach
  void stop() {
    log.detachAppender(told);
  }

  @Test
  void the_first_one_is_told_in_a_line_with_the_innermost_cause() {
    failure.warn(new CompletionException(new DatabaseException("Can't read", AWAY)));
    assertThat(told.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getFormattedMessage())
                  .isEqualTo(
                      "Can't look, will try again: java.sql.SQLException: Connection refused");
              assertThat(event.getThrowableProxy()).isNull();
            });
  }

  @Test
  void the_next_ones_are_counted_and_told_together_after_ten_seconds() {
    failure.warn(AWAY);
    after(Duration.ofMillis(9_999));
    failure.warn(AWAY);
    failure.warn(AWAY);
    assertThat(told.list).hasSize(1);
    after(Duration.ofMillis(1));
    failure.warn(AWAY);
    assertThat(told.list).hasSize(2);
    assertThat(told.list.get(1).getFormattedMessage())
        .endsWith("refused (3 times since this was last said)");
    after(Duration.ofSeconds(10));
    failure.warn(AWAY);
    assertThat(told.list.get(2).getFormattedMessage()).endsWith("refused");
  }

  private void after(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }
}
