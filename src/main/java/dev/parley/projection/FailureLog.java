package dev.parley.projection;

import dev.parley.journal.RepeatedFailure;
import org.apache.pekko.projection.HandlerRecoveryStrategy;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.StatusObserver;
import org.slf4j.LoggerFactory;

/**
 * Tells that slices of a projection have failed; each of them begins again by itself where it was.
 */
public final class FailureLog<E> extends StatusObserver<E> {
  private final RepeatedFailure failure;

  /**
   * @param projection its name; all slices of a node are told of together
   */
  public FailureLog(String projection) {
    this.failure =
        new RepeatedFailure(
            LoggerFactory.getLogger(FailureLog.class),
            "Projection " + projection + " begins again where it was");
  }

  @Override
  public void failed(ProjectionId slice, Throwable cause) {
    failure.warn(cause);
  }

  @Override
  public void started(ProjectionId slice) {}

  @Override
  public void stopped(ProjectionId slice) {}

  @Override
  public void beforeProcess(ProjectionId slice, E envelope) {}

  @Override
  public void afterProcess(ProjectionId slice, E envelope) {}

  @Override
  public void offsetProgress(ProjectionId slice, E envelope) {}

  @Override
  public void error(
      ProjectionId slice, E envelope, Throwable cause, HandlerRecoveryStrategy strategy) {}
}
