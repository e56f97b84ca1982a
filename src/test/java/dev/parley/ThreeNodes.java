package dev.parley;

import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Three nodes as they are deployed: processes of their own that share a database. */
final class ThreeNodes implements AutoCloseable {
  static final int COUNT = 3;

  private final EmbeddedPostgres postgres;
  private final List<ParleyProcess> nodes = new ArrayList<>();

  private ThreeNodes(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /**
   * Starts them one after the other.
   *
   * @param environment of each, beside what makes them a cluster
   */
  static ThreeNodes start(Path directory, Map<String, String> environment) throws Exception {
    ThreeNodes started = new ThreeNodes(TestPostgres.start());
    try {
      started.startNodes(directory, environment);
      return started;
    } catch (Exception | AssertionError e) {
      started.close();
      throw e;
    }
  }

  private void startNodes(Path directory, Map<String, String> environment) throws Exception {
    List<String> seeds =
        IntStream.range(0, COUNT).mapToObj(i -> "127.0.0.1:" + FreePort.on("127.0.0.1")).toList();
    for (int i = 0; i < COUNT; i++) {
      Map<String, String> own = new HashMap<>(environment);
      own.put("PARLEY_SECRET_KEY", ParleyProcess.SECRET_KEY);
      own.put("PARLEY_DATABASE_URL", TestPostgres.url(postgres.address()));
      own.put("PARLEY_CLUSTER_PORT", seeds.get(i).split(":")[1]);
      own.put("PARLEY_SEED_NODES", String.join(",", seeds));
      nodes.add(ParleyProcess.start(directory.resolve("node-" + i), own));
    }
  }

  ParleyProcess get(int node) {
    return nodes.get(node);
  }

  /** A client of one of them, which has the secret key. */
  TestClient client(int node) {
    return new TestClient(nodes.get(node), ParleyProcess.SECRET_KEY);
  }

  @Override
  public void close() {
    nodes.forEach(ParleyProcess::close);
    postgres.close();
  }
}
