package dev.parley;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.management.javadsl.PekkoManagement;

/**
 * The port for orchestrators, if there is to be one: Pekko Management answers {@code /startup},
 * {@code /alive} and {@code /ready} there (web-runtime.md section 3), until the node has left the
 * cluster.
 */
final class ManagementPort {
  private static final int START_LIMIT_SECONDS = 20;

  private ManagementPort() {}

  /**
   * @throws ConfigurationException when the port can't be had
   */
  static void open(ActorSystem<?> system, Settings settings) throws Exception {
    Optional<ListenAddress> address = settings.watching().managementAddress();
    if (address.isPresent()) {
      address
          .get()
          .with(
              () ->
                  PekkoManagement.get(system.classicSystem())
                      .start()
                      .toCompletableFuture()
                      .get(START_LIMIT_SECONDS, TimeUnit.SECONDS));
    }
  }
}
