package dev.parley.journal;

import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariDataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.jdbc.db.SlickExtension;
import org.apache.pekko.persistence.jdbc.db.SlickExtensionImpl;
import slick.jdbc.hikaricp.HikariCPJdbcDataSource;

/** The pool of connections by which the sessions of an actor system are written and recovered. */
public final class JournalPool {
  private JournalPool() {}

  /** The pool, which is opened now if nobody has used it yet. */
  public static HikariDataSource of(ActorSystem<?> system) {
    Config journal = system.settings().config().getConfig("jdbc-journal");
    SlickExtensionImpl slick = (SlickExtensionImpl) SlickExtension.get(system.classicSystem());
    return ((HikariCPJdbcDataSource) slick.database(journal).database().source()).ds();
  }
}
