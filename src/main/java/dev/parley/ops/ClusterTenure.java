package dev.parley.ops;

import dev.parley.entity.Tenure;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A node's sessions are its own for some seconds after each sign of life that the database has
 * taken; those who take over wait until these have passed. Both of the machine's clocks are asked,
 * as one of them may stand still while a machine is suspended, and the other may be set.
 */
final class ClusterTenure implements Tenure {
  /** Several signs of life may be late before reads are refused. */
  static final Duration LENGTH = Duration.ofSeconds(4);

  private final LongSupplier nanoTime;
  private final LongSupplier currentMillis;
  private volatile Moment confirmed;

  private record Moment(long nanos, long millis) {}

  ClusterTenure() {
    this(System::nanoTime, System::currentTimeMillis);
  }

  ClusterTenure(LongSupplier nanoTime, LongSupplier currentMillis) {
    this.nanoTime = nanoTime;
    this.currentMillis = currentMillis;
    this.confirmed = new Moment(nanoTime.getAsLong() - LENGTH.toNanos(), 0);
  }

  @Override
  public boolean holds() {
    Moment since = confirmed;
    return nanoTime.getAsLong() - since.nanos() < LENGTH.toNanos()
        && Math.abs(currentMillis.getAsLong() - since.millis()) < LENGTH.toMillis();
  }

  /**
   * Asks for a confirmation; what it confirms held when it was asked, however late the answer.
   *
   * @return what it has answered
   */
  boolean confirm(Question question) throws Exception {
    Moment asked = new Moment(nanoTime.getAsLong(), currentMillis.getAsLong());
    boolean answer = question.isMember();
    if (answer) {
      confirmed = asked;
    }
    return answer;
  }

  interface Question {
    boolean isMember() throws Exception;
  }
}
