package dev.parley.chaos;

import dev.parley.ClassArchive;
import dev.parley.Eventually;
import dev.parley.FreePort;
import dev.parley.journal.FaultyPostgres;
import dev.parley.journal.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL and nodes that share it, and what can happen to them. */
final class Cluster implements AutoCloseable {
  /** The shape for which the published client lets the server mint tokens. */
  static final String KEY = "tr_dev_sk_chaosChaosChaosChaos01";

  private static final Path JAR =
      Path.of(System.getProperty("parley.jar", "target/parley.jar")).toAbsolutePath();

  private final Network network;
  private final FaultyPostgres postgres;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<URI> urls = new ArrayList<>();

  private Cluster(Network network, FaultyPostgres postgres) {
    this.network = network;
    this.postgres = postgres;
  }

  /**
   * Starts the database and all nodes, and returns when all serve.
   *
   * @param directory for data and logs; must exist
   * @param sabotage null for the server as it is
   */
  static Cluster start(int nodes, Path directory, @Nullable Sabotage sabotage) throws IOException {
    Network network = Network.of(nodes);
    Cluster cluster = null;
    try {
      cluster = new Cluster(network, FaultyPostgres.start(directory, network.databaseHost()));
      // Nothing outlives a run that is interrupted.
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "cluster-close"));
      cluster.startNodes(nodes, directory, sabotage);
      return cluster;
    } catch (IOException | RuntimeException e) {
      if (cluster == null) {
        network.close();
      } else {
        cluster.close();
      }
      throw e;
    }
  }

  private void startNodes(int count, Path directory, @Nullable Sabotage sabotage)
      throws IOException {
    List<Integer> clusterPorts =
        IntStream.range(0, count).mapToObj(i -> FreePort.on(databaseOr(i))).toList();
    String seeds =
        IntStream.range(0, count)
            .mapToObj(i -> network.host(i) + ":" + clusterPorts.get(i))
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    for (int i = 0; i < count; i++) {
      int port = FreePort.on(databaseOr(i));
      urls.add(URI.create("http://" + network.host(i) + ":" + port));
      Map<String, String> environment =
          Map.of(
              "PARLEY_SECRET_KEY", KEY,
              "PARLEY_DATABASE_URL", TestPostgres.url(postgres.address()) + "?sslmode=disable",
              "PARLEY_DATA_DIR", directory.resolve("node-" + i).toString(),
              "PARLEY_HTTP_HOST", network.host(i),
              "PARLEY_HTTP_PORT", Integer.toString(port),
              "PARLEY_CLUSTER_HOST", network.host(i),
              "PARLEY_CLUSTER_PORT", Integer.toString(clusterPorts.get(i)),
              "PARLEY_SEED_NODES", seeds);
      nodes.add(
          new NodeProcess("node-" + i, command(i, directory, sabotage), environment, directory));
    }
    nodes.forEach(NodeProcess::start);
    if (!Eventually.within(NodeProcess.START_LIMIT, this::isReady)) {
      throw new IllegalStateException("Not all nodes serve; their logs are in " + directory);
    }
  }

  /** An address of this machine on which a port is looked for. */
  private String databaseOr(int node) {
    return network.canCutOff() ? network.databaseHost() : network.host(node);
  }

  private List<String> command(int node, Path directory, @Nullable Sabotage sabotage)
      throws IOException {
    List<String> command = new ArrayList<>(network.prefix(node));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Three nodes start again and again on few processors: the compiler would be what is measured.
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    if (sabotage == null) {
      command.addAll(ClassArchive.options(JAR));
    } else {
      // Java 17 crashes when an agent changes a class of an archive.
      command.add(SabotageJar.option(directory, sabotage));
    }
    command.addAll(List.of("-jar", JAR.toString()));
    return command;
  }

  /** Where clients reach the nodes. */
  List<URI> urls() {
    return urls;
  }

  /** Whether nodes can be cut off from each other here. */
  boolean canCutOff() {
    return network.canCutOff();
  }

  /** Whether each node's process has said that it serves. */
  boolean isReady() {
    return nodes.stream().allMatch(NodeProcess::isReady);
  }

  /** Deals a blow and takes its cause away after its length. */
  void suffer(PlannedFault fault) {
    switch (fault.kind()) {
      case KILL -> {
        nodes.get(fault.node()).kill9();
        last(fault.length());
        nodes.get(fault.node()).start();
      }
      case KILL_ALL -> {
        nodes.forEach(NodeProcess::kill9);
        last(fault.length());
        nodes.forEach(NodeProcess::start);
      }
      case PAUSE -> {
        nodes.get(fault.node()).pause();
        last(fault.length());
        nodes.get(fault.node()).resume();
      }
      case LEAVE -> {
        nodes.get(fault.node()).leave();
        last(fault.length());
        nodes.get(fault.node()).start();
      }
      case POSTGRES_STOP -> {
        postgres.stop();
        last(fault.length());
        postgres.start();
      }
      case POSTGRES_CRASH -> {
        postgres.crash();
        last(fault.length());
        postgres.start();
      }
      case POSTGRES_PAUSE -> {
        postgres.pause();
        last(fault.length());
        postgres.resume();
      }
      case ISOLATE -> {
        network.isolate(fault.node());
        last(fault.length());
        network.heal(fault.node());
      }
      case CUT_OFF -> {
        network.cutOff(fault.node());
        last(fault.length());
        network.heal(fault.node());
      }
    }
  }

  private static void last(Duration length) {
    LockSupport.parkNanos(length.toNanos());
  }

  /** How often nodes ended by themselves, as those do that were removed. */
  int ownEnds() {
    return nodes.stream().mapToInt(NodeProcess::ownEnds).sum();
  }

  /** Ends of nodes that no fault explains. */
  List<String> oddEnds() {
    return nodes.stream().flatMap(node -> node.oddEnds().stream()).toList();
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
    postgres.close();
    network.close();
  }
}
