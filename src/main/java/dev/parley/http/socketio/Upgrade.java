package dev.parley.http.socketio;

import dev.parley.http.shared.FrameLine;
import java.time.Duration;
import java.util.List;

/** A WebSocket that wants to take the place of polling. */
final class Upgrade {
  /** How often a poll is ended while the client stops polling. */
  static final Duration NUDGE = Duration.ofMillis(100);

  /** What a packet of the WebSocket means. */
  enum Step {
    PROBED,
    UPGRADED,
    FAILED
  }

  private final FrameLine channel;
  private boolean writable;
  private boolean answerIsDue;

  Upgrade(FrameLine channel) {
    this.channel = channel;
  }

  FrameLine channel() {
    return channel;
  }

  boolean isOver(FrameLine other) {
    return channel == other;
  }

  boolean isWritable() {
    return writable;
  }

  void becomeWritable() {
    writable = true;
    answer();
  }

  /** Takes the next packet; a probe is answered as soon as the channel is writable. */
  Step take(EnginePacket packet) {
    if (packet instanceof EnginePacket.Control control) {
      if (control.type() == EnginePacket.Type.PING && control.data().equals("probe")) {
        answerIsDue = true;
        answer();
        return Step.PROBED;
      }
      if (control.type() == EnginePacket.Type.UPGRADE) {
        return Step.UPGRADED;
      }
    }
    return Step.FAILED;
  }

  private void answer() {
    if (answerIsDue && writable) {
      answerIsDue = false;
      writable = false;
      channel.write(List.of(Encoded.PROBE_ANSWER.text()));
    }
  }
}
