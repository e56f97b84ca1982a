package dev.parley.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what nobody will read again, in the background and with one connection: sessions take
 * turns, one short step each. What is left because the process or the database went away is found
 * again by the next request for the session.
 */
public final class JournalSpace {
  private static final Logger log = LoggerFactory.getLogger(JournalSpace.class);

  private final DataSource dataSource;
  private final Executor executor;
  private final Map<String, Job> waiting = new LinkedHashMap<>();
  private boolean working;

  private record Job(String persistenceId, ReclaimRun run, Runnable whenDone) {}

  /**
   * @param executor runs the blocking statements; one of its threads is taken at most
   */
  public JournalSpace(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /**
   * Returns at once. A request that is not done yet gives way to a later one for the same session;
   * that one begins where the last finished one ended, so it leaves nothing out.
   *
   * @param whenDone called on the executor when all is given back, and never if that fails
   */
  public void reclaim(Reclaim reclaim, Runnable whenDone) {
    synchronized (waiting) {
      waiting.put(
          reclaim.persistenceId(),
          new Job(reclaim.persistenceId(), new ReclaimRun(reclaim), whenDone));
      if (working) {
        return;
      }
      working = true;
    }
    executor.execute(this::work);
  }

  private void work() {
    for (Job job = next(); job != null; job = next()) {
      try (Connection connection = dataSource.getConnection()) {
        if (job.run().step(connection)) {
          job.whenDone().run();
        } else {
          goOnLater(job);
        }
      } catch (SQLException | RuntimeException e) {
        log.debug("What {} has trimmed is kept for now", job.persistenceId(), e);
      }
    }
  }

  private @Nullable Job next() {
    synchronized (waiting) {
      Iterator<Job> jobs = waiting.values().iterator();
      if (!jobs.hasNext()) {
        working = false;
        return null;
      }
      Job job = jobs.next();
      jobs.remove();
      return job;
    }
  }

  private void goOnLater(Job job) {
    synchronized (waiting) {
      waiting.putIfAbsent(job.persistenceId(), job);
    }
  }
}
