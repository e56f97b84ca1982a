package dev.parley.entity.account;

import dev.parley.entity.format.StoredSerializer;
import org.apache.pekko.actor.ExtendedActorSystem;

/** Stores the events and snapshots of this package. */
public final class AccountSerializer extends StoredSerializer {
  private static final int IDENTIFIER = 8_450_101;

  /** Called by Pekko. */
  public AccountSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, AccountCodec.KINDS);
  }
}
