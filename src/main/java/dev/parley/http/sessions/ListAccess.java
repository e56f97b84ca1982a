package dev.parley.http.sessions;

import dev.parley.auth.Credential;
import dev.parley.auth.Resource;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Refused;
import dev.parley.projection.Filter;
import java.util.List;

/** Who may read of many sessions at once (trigger.md section 2.3, list). */
final class ListAccess {
  private ListAccess() {}

  /**
   * Whoever may read all sessions or all tasks, and for certain tasks who may read each of them.
   *
   * @throws Refused with 403 for anybody else
   */
  static void require(Call call, Filter filter) {
    Credential credential = call.credential();
    List<Resource> tasks =
        filter.taskIdentifiers().stream().map(task -> new Resource("tasks", task)).toList();
    boolean allowed =
        credential.allows("read", List.of(Resource.ofType("sessions"), Resource.ofType("tasks")))
            || !tasks.isEmpty() && credential.allowsAll("read", tasks);
    if (!allowed) {
      throw new Refused(Answers.forbidden());
    }
  }
}
