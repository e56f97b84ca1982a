package dev.parley.entity.account;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Stores the events and snapshots of this package as protobuf under one-letter manifests. The
 * identifier is stored with every row and must never change.
 */
public final class AccountSerializer extends SerializerWithStringManifest {
  private static final int IDENTIFIER = 8_450_101;

  /** Called by Pekko. */
  public AccountSerializer(ExtendedActorSystem system) {}

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object object) {
    return AccountCodec.encode(object).manifest();
  }

  @Override
  public byte[] toBinary(Object object) {
    return AccountCodec.encode(object).message().toByteArray();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return AccountCodec.decode(manifest, bytes);
  }
}
