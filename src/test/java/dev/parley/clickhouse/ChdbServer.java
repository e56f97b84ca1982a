package dev.parley.clickhouse;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * A process of ClickHouse's engine behind its HTTP interface, on 127.0.0.1. It needs only JNA and
 * {@code libjsig}, see {@link ChdbEngine}.
 *
 * <p>Unlike a server it makes an answer complete before it sends the first byte, and has neither
 * sessions nor compression; it says so to those who ask.
 */
public final class ChdbServer {
  private ChdbServer() {}

  /**
   * Prints {@code ready <port>} when it serves, and ends with its stdin.
   *
   * @param args library, data directory, port (0 for any), user, password
   */
  public static void main(String[] args) throws IOException {
    // Read by the JDK's server once, when it is loaded. Without it answers wait 40 ms for an ack.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    ChdbEngine engine = ChdbEngine.start(Path.of(args[0]), Path.of(args[1]));
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), Integer.parseInt(args[2])),
            0);
    server.createContext("/", new ChdbHandler(engine, args[3], args[4]));
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    System.out.println("ready " + server.getAddress().getPort());
    while (System.in.read() >= 0) {
      // Whoever started this process lives.
    }
    // The engine's own end can hang or abort while statements run; what was acknowledged is stored.
    Runtime.getRuntime().halt(0);
  }
}
