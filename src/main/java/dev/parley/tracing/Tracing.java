package dev.parley.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Whether traces are made, and by whom. An actor system is given one at its start; all that is made
 * in it finds it there.
 */
public final class Tracing extends Setup {
  /** Makes no traces, asks for no context and carries none. */
  public static final Tracing OFF = new Tracing(false, OpenTelemetry.noop());

  private static final String NAME = "dev.parley";

  private final boolean on;
  private final Tracer tracer;

  private Tracing(boolean on, OpenTelemetry telemetry) {
    this.on = on;
    this.tracer = telemetry.getTracer(NAME);
  }

  /** Traces that this one makes and sends. */
  public static Tracing by(OpenTelemetry telemetry) {
    return new Tracing(true, telemetry);
  }

  /** What the system was given; {@link #OFF} when that was nothing. */
  public static Tracing of(ActorSystem<?> system) {
    return system.classicSystem().settings().setup().get(Tracing.class).orElse(OFF);
  }

  public boolean isOn() {
    return on;
  }

  public Tracer tracer() {
    return tracer;
  }
}
