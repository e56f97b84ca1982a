package dev.parley.http.socketio;

import dev.parley.http.socketio.ConnectionCommand.Signal;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** The timers of ping and pong. The server pings, the client answers. */
final class Heartbeat {
  private final TimerScheduler<ConnectionCommand> timers;
  private final SocketIoSettings settings;
  private boolean extended;

  Heartbeat(TimerScheduler<ConnectionCommand> timers, SocketIoSettings settings) {
    this.timers = timers;
    this.settings = settings;
  }

  void start() {
    timers.startSingleTimer(Signal.PING_DUE, Signal.PING_DUE, settings.pingInterval());
  }

  /** A ping was sent. */
  void pinged() {
    extended = false;
    awaitPong();
  }

  void ponged() {
    timers.cancel(Signal.PONG_OVERDUE);
    start();
  }

  /** Something came. A pong may be behind something large, so it gets its time once more. */
  void alive() {
    if (!extended && timers.isTimerActive(Signal.PONG_OVERDUE)) {
      extended = true;
      awaitPong();
    }
  }

  private void awaitPong() {
    timers.startSingleTimer(Signal.PONG_OVERDUE, Signal.PONG_OVERDUE, settings.pingTimeout());
  }
}
