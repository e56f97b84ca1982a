package dev.parley.journal;

import dev.parley.session.SessionEvent;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Stores events and snapshots as protobuf under one-letter manifests, never under class names. The
 * identifier is stored with every row and must never change.
 */
public final class JournalSerializer extends SerializerWithStringManifest {
  static final int IDENTIFIER = 8_450_001;
  private static final String SNAPSHOT = "S";

  /** Called by Pekko. */
  public JournalSerializer(ExtendedActorSystem system) {}

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object object) {
    return object instanceof SessionEvent event ? EventCodec.manifest(event) : SNAPSHOT;
  }

  @Override
  public byte[] toBinary(Object object) {
    if (object instanceof SessionEvent event) {
      return EventCodec.encode(event);
    }
    if (object instanceof StoredSnapshot snapshot) {
      return snapshot.bytes();
    }
    throw new IllegalArgumentException("not stored: " + object.getClass().getName());
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return manifest.equals(SNAPSHOT)
        ? new StoredSnapshot(bytes)
        : EventCodec.decode(manifest, bytes);
  }
}
