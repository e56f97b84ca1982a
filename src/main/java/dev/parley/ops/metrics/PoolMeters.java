package dev.parley.ops.metrics;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToIntFunction;

/** How busy the connections to PostgreSQL are. */
public final class PoolMeters {
  private final MeterRegistry registry;

  public PoolMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Watches a pool from now on, under its own name. */
  public void watch(HikariDataSource pool) {
    connections(pool, "active", HikariPoolMXBean::getActiveConnections);
    connections(pool, "idle", HikariPoolMXBean::getIdleConnections);
    gauge(
            pool,
            "parley.database.connections.waiting",
            HikariPoolMXBean::getThreadsAwaitingConnection)
        .register(registry);
    Gauge.builder("parley.database.connections.limit", pool, HikariDataSource::getMaximumPoolSize)
        .tag("pool", pool.getPoolName())
        .register(registry);
  }

  private void connections(
      HikariDataSource pool, String state, ToIntFunction<HikariPoolMXBean> count) {
    gauge(pool, "parley.database.connections", count).tag("state", state).register(registry);
  }

  /** A pool of which nobody has wanted a connection yet has no bean. */
  private static Gauge.Builder<HikariDataSource> gauge(
      HikariDataSource pool, String name, ToIntFunction<HikariPoolMXBean> count) {
    return Gauge.builder(
            name,
            pool,
            one -> {
              HikariPoolMXBean bean = one.getHikariPoolMXBean();
              return bean == null ? 0 : count.applyAsInt(bean);
            })
        .tag("pool", pool.getPoolName());
  }
}
