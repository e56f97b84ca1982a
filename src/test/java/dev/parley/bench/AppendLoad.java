package dev.parley.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writers with one append in flight each. */
final class AppendLoad {
  private AppendLoad() {}

  static RequestLoad.Result run(
      ParleyServer server, List<String> keyOfWriter, int bodyBytes, double warmUp, double seconds)
      throws Exception {
    return run(List.of(server), keyOfWriter, bodyBytes, warmUp, seconds);
  }

  /**
   * @param servers of a cluster, dealt to the writers in turn, each of which keeps to its own
   */
  static RequestLoad.Result run(
      List<ParleyServer> servers,
      List<String> keyOfWriter,
      int bodyBytes,
      double warmUp,
      double seconds)
      throws Exception {
    byte[] body = "x".repeat(bodyBytes).getBytes(StandardCharsets.US_ASCII);
    // The part ids begin with the time of this load: one that came before would commit nothing.
    long begin = System.nanoTime();
    return RequestLoad.run(
        servers,
        keyOfWriter.size(),
        warmUp,
        seconds,
        (writer, i) ->
            HttpConnection.request(
                "POST",
                "/realtime/v1/sessions/" + keyOfWriter.get(writer) + "/in/append",
                "X-Part-Id: %x-%03d-%010d\r\n".formatted(begin, writer, i),
                body));
  }
}
