package dev.parley.http.shared;

/** Counts answers. Called on any thread; must not block. */
@FunctionalInterface
public interface RequestMeter {
  /** Counts nothing. */
  RequestMeter NONE = (route, method, status, nanos) -> {};

  /**
   * A request was answered; of a stream this is its beginning.
   *
   * @param method as the client named it, which may be any word
   * @param nanos since the request came
   */
  void answered(KnownRoutes.Known route, String method, int status, long nanos);
}
