package dev.parley.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that lets one caller at a time wait for a server that is known to be away, and refuses the
 * others at once: threads that waited one behind the other would let nobody know in time. Says in
 * the log when the server goes and when it is back.
 */
final class ImpatientPool extends HikariDataSource {
  private static final Logger log = LoggerFactory.getLogger(ImpatientPool.class);

  private final String server;
  private final AtomicBoolean knocking = new AtomicBoolean();

  /** Why nobody could be connected, since then. */
  private volatile @Nullable SQLException away;

  /**
   * @param server fit for logs
   */
  ImpatientPool(HikariConfig config, String server) {
    super(config);
    this.server = server;
  }

  /**
   * A connection as soon as there is one. Fails with {@link SQLTransientConnectionException} when
   * there is none within the pool's timeout, or at once while the server is away.
   */
  @Override
  public Connection getConnection() throws SQLException {
    SQLException known = away;
    if (known == null) {
      return connection();
    }
    if (!knocking.compareAndSet(false, true)) {
      throw new SQLTransientConnectionException("PostgreSQL does not answer", known);
    }
    try {
      return connection();
    } finally {
      knocking.set(false);
    }
  }

  private Connection connection() throws SQLException {
    try {
      Connection connection = super.getConnection();
      if (away != null) {
        away = null;
        log.info("PostgreSQL at {} answers again", server);
      }
      return connection;
    } catch (SQLException e) {
      // A pool whose connections are merely all in use has some.
      if (getHikariPoolMXBean().getTotalConnections() == 0) {
        if (away == null) {
          log.warn("PostgreSQL at {} does not answer: {}", server, RepeatedFailure.inOneLine(e));
        }
        away = e;
      }
      throw e;
    }
  }
}
