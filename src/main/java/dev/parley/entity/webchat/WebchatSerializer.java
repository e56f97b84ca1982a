package dev.parley.entity.webchat;

import dev.parley.entity.format.StoredSerializer;
import org.apache.pekko.actor.ExtendedActorSystem;

/** Stores the events and snapshots of the webchat. */
public final class WebchatSerializer extends StoredSerializer {
  private static final int IDENTIFIER = 8_450_111;

  /** Called by Pekko. */
  public WebchatSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, WebchatCodec.KINDS);
  }
}
