package dev.parley.http.uploads;

import java.time.Duration;

/**
 * What an upload may be.
 *
 * @param maxFileBytes of each file; web-runtime.md section 7 says 10 MB, which is 10 485 760 bytes
 * @param within how long a request may take from its head to its last byte
 * @param maxUnderWay requests at the same time on this node; more are answered 503
 */
public record UploadLimits(long maxFileBytes, Duration within, int maxUnderWay) {
  /** What a body may hold beside its files: heads of parts and boundaries. */
  static final long OVERHEAD = 64 * 1024;
}
