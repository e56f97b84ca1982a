package dev.parley.agent.registry;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Stores the events and snapshots of registries as protobuf under one-letter manifests. The
 * identifier is stored with every row and must never change.
 */
public final class RegistrySerializer extends SerializerWithStringManifest {
  private static final int IDENTIFIER = 8_450_002;

  /** Called by Pekko. */
  public RegistrySerializer(ExtendedActorSystem system) {}

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object object) {
    return RegistryCodec.manifest(object);
  }

  @Override
  public byte[] toBinary(Object object) {
    return RegistryCodec.encode(object);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return RegistryCodec.decode(manifest, bytes);
  }
}
