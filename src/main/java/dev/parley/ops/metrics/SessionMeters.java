package dev.parley.ops.metrics;

import dev.parley.entity.EntitySettings;
import dev.parley.entity.Readership;
import dev.parley.entity.SessionMailboxes;
import dev.parley.entity.Sessions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.pekko.actor.typed.ActorSystem;

/** What is under way on this node: commands, readers, waiters. */
public final class SessionMeters {
  private SessionMeters() {}

  /** Watches them from now on. */
  public static void watch(
      ActorSystem<?> system, Sessions sessions, EntitySettings settings, MeterRegistry registry) {
    SessionMailboxes mailboxes = SessionMailboxes.of(system);
    Gauge.builder("parley.mailbox.messages", mailboxes, SessionMailboxes::waiting)
        .register(registry);
    Gauge.builder("parley.mailbox.longest.messages", mailboxes, SessionMailboxes::longest)
        .register(registry);
    Gauge.builder("parley.commands.in.flight", sessions, Sessions::underWay).register(registry);
    Gauge.builder("parley.commands.in.flight.size", sessions, Sessions::bytesUnderWay)
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("parley.commands.in.flight.limit", settings, EntitySettings::inFlightMaxCount)
        .register(registry);
    Gauge.builder("parley.waitpoints.open", sessions, Sessions::openWaiters).register(registry);
    Readership readers = sessions.readership();
    Gauge.builder("parley.readers", readers, Readership::readers).register(registry);
    FunctionCounter.builder("parley.records.read", readers, Readership::records).register(registry);
    FunctionCounter.builder("parley.read", readers, Readership::bytes)
        .baseUnit("bytes")
        .register(registry);
  }
}
