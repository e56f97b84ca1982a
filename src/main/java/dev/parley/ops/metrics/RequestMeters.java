package dev.parley.ops.metrics;

import dev.parley.http.shared.KnownRoutes;
import dev.parley.http.shared.RequestMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Requests of all faces, with as many series as there are routes, known methods and statuses. */
public final class RequestMeters implements RequestMeter {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final Duration[] LATENCIES = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private record Key(KnownRoutes.Known route, String method, int status) {}

  private final MeterRegistry registry;
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  public RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void answered(KnownRoutes.Known route, String method, int status, long nanos) {
    Key key = new Key(route, METHODS.contains(method) ? method : "other", status);
    Timer timer = timers.get(key);
    if (timer == null) {
      timer = timers.computeIfAbsent(key, this::timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Key key) {
    return Timer.builder("parley.http.request.duration")
        .tags("face", key.route().face(), "route", key.route().pattern())
        .tags("method", key.method(), "status", Integer.toString(key.status()))
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }
}
