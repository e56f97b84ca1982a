package dev.parley.chaos;

import dev.parley.chaos.NodeClient.Answer;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The credentials of the S2 data plane for a stream, which are good on every node. */
record StreamAccess(String path, Map<String, String> headers) {
  /** Credentials that are known already, by stream. */
  static final class Known {
    private final Map<String, StreamAccess> byStream = new ConcurrentHashMap<>();
    private final NodeClient http;

    Known(NodeClient http) {
      this.http = http;
    }

    /**
     * @param stream {@code <session>/<channel>}
     * @return null when the node does not tell now
     */
    @Nullable StreamAccess of(String stream, int node) {
      StreamAccess known = byStream.get(stream);
      if (known != null) {
        return known;
      }
      Answer answer = http.put(node, "/realtime/v1/sessions/" + stream);
      if (!answer.isOk()) {
        return null;
      }
      String endpoint = NodeClient.header(answer, "X-S2-Endpoint");
      StreamAccess access =
          new StreamAccess(
              URI.create(endpoint).getPath()
                  + "/streams/"
                  + NodeClient.header(answer, "X-S2-Stream-Name")
                  + "/records",
              Map.of(
                  "Authorization",
                  "Bearer " + NodeClient.header(answer, "X-S2-Access-Token"),
                  "S2-Basin",
                  NodeClient.header(answer, "X-S2-Basin")));
      byStream.put(stream, access);
      return access;
    }
  }
}
