package dev.parley.storage;

import dev.parley.session.SessionId;

/** What a file belongs to: who may see that may see the file (across.md section 9). */
public sealed interface FileOwner {
  /** The tenant, which nothing crosses. */
  String environmentId();

  /**
   * A session; the file goes when it is purged.
   *
   * @param generation the version of the session's last purge before the upload, 0 for none
   */
  record OfSession(SessionId session, long generation) implements FileOwner {
    @Override
    public String environmentId() {
      return session.environmentId();
    }
  }

  /** An organization. */
  record OfOrganization(String environmentId, String organizationId) implements FileOwner {}
}
