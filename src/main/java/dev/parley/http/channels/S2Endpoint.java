package dev.parley.http.channels;

import dev.parley.auth.StreamCredentials;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.PublicOrigin;
import dev.parley.http.shared.StreamName;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Where and as whom a writer reaches the data plane (trigger.md section 4.2). */
final class S2Endpoint {
  /** How long the client gathers records before it sends them; short, since tokens are awaited. */
  private static final String FLUSH_INTERVAL_MILLIS = "5";

  private static final String MAX_RETRIES = "10";

  private final StreamCredentials credentials;
  private final PublicOrigin origin;

  S2Endpoint(StreamCredentials credentials, PublicOrigin origin) {
    this.credentials = credentials;
    this.origin = origin;
  }

  /**
   * @param generation of the session, with which the token ends
   */
  List<HttpHeader> headers(Call call, SessionId session, Channel channel, long generation) {
    String stream = new StreamName(session, channel).text();
    return List.of(
        RawHeader.create(
            "X-S2-Access-Token",
            credentials.mint(call.credential().environment(), stream, generation)),
        RawHeader.create("X-S2-Basin", StreamName.BASIN),
        RawHeader.create("X-S2-Stream-Name", stream),
        RawHeader.create("X-S2-Endpoint", origin.of(call.request()) + "/v1"),
        RawHeader.create("X-S2-Flush-Interval-Ms", FLUSH_INTERVAL_MILLIS),
        RawHeader.create("X-S2-Max-Retries", MAX_RETRIES));
  }
}
