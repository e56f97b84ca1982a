package dev.parley.agent.registry;

import dev.parley.entity.format.StoredSerializer;
import org.apache.pekko.actor.ExtendedActorSystem;

/** Stores the events and snapshots of registries. */
public final class RegistrySerializer extends StoredSerializer {
  private static final int IDENTIFIER = 8_450_002;

  /** Called by Pekko. */
  public RegistrySerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, RegistryCodec.KINDS);
  }
}
