package dev.parley.entity;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** For tests of actors that persist: without a cluster, and what they store becomes bytes. */
public final class StoringKit {
  private StoringKit() {}

  /** The settings of an actor system that stores objects of these classes by that serializer. */
  public static Config config(
      Class<? extends SerializerWithStringManifest> serializer, Class<?>... stored) {
    String bindings =
        Arrays.stream(stored)
            .map(type -> "\"%s\" = stored".formatted(type.getName()))
            .collect(Collectors.joining("\n"));
    return ConfigFactory.parseString(
            """
            pekko.actor.provider = local
            pekko.actor.serializers.stored = "%s"
            pekko.actor.serialization-bindings {
              %s
            }
            pekko.persistence.testkit.events.serialize = on
            pekko.persistence.testkit.snapshots.serialize = on
            """
                .formatted(serializer.getName(), bindings))
        .withFallback(PersistenceTestKitPlugin.getInstance().config())
        .withFallback(PersistenceTestKitSnapshotPlugin.config())
        .withFallback(ConfigFactory.defaultReference());
  }
}
