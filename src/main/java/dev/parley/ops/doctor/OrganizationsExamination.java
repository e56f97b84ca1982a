package dev.parley.ops.doctor;

import dev.parley.entity.webchat.OrganizationSettings;
import dev.parley.entity.webchat.WidgetDomain;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What organizations have set for their webchats: the pages that may open sessions, and from where
 * these load the widget (web-runtime.md sections 5 and 9).
 */
public final class OrganizationsExamination implements Examination {
  /** Named in one line. */
  private static final int NAMED = 5;

  private final Supplier<CompletionStage<Map<String, OrganizationSettings>>> organizations;
  private final boolean production;
  private final boolean hasProxy;

  /**
   * @param organizations their settings by their ids
   * @param hasProxy whether {@code API_PROXY_DOMAIN} is set
   */
  public OrganizationsExamination(
      Supplier<CompletionStage<Map<String, OrganizationSettings>>> organizations,
      boolean production,
      boolean hasProxy) {
    this.organizations = organizations;
    this.production = production;
    this.hasProxy = hasProxy;
  }

  @Override
  public String name() {
    return "allowed-origins";
  }

  @Override
  public CompletionStage<List<Check>> look() {
    return organizations.get().thenApply(found -> List.of(origins(found), domains(found)));
  }

  private Check origins(Map<String, OrganizationSettings> all) {
    List<String> open = which(all, one -> one.allowedOrigins().isEmpty());
    List<String> plain =
        which(all, one -> one.allowedOrigins().stream().anyMatch(each -> each.startsWith("http:")));
    String value = "%d webchats, %d for pages of any origin".formatted(all.size(), open.size());
    if (production && !open.isEmpty()) {
      return Check.warn(
          name(),
          value + ": " + named(open),
          "Say on which pages they may stand (allowedOrigins of PUT"
              + " /api/admin/organizations/:org/webchat)");
    }
    if (production && !plain.isEmpty()) {
      return Check.warn(
          name(),
          value + ", these for pages without HTTPS: " + named(plain),
          "Whoever is between such a page and its visitors can read and change it: allow https"
              + " origins alone");
    }
    return Check.ok(name(), value);
  }

  private Check domains(Map<String, OrganizationSettings> all) {
    String name = "widget-settings";
    List<String> proxied = which(all, one -> one.widgetDomain() == WidgetDomain.PROXY);
    if (!proxied.isEmpty() && !hasProxy) {
      return Check.warn(
          name,
          "API_PROXY_DOMAIN is not set, but the widget is to be loaded from there by "
              + named(proxied),
          "Set API_PROXY_DOMAIN, or widgetDomain to own; until then their snippets name the"
              + " server's own domain");
    }
    return Check.ok(
        name, "%d of %d webchats by the proxy domain".formatted(proxied.size(), all.size()));
  }

  private static List<String> which(
      Map<String, OrganizationSettings> all, Predicate<OrganizationSettings> condition) {
    return all.entrySet().stream()
        .filter(one -> condition.test(one.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String named(List<String> ids) {
    String first = ids.stream().limit(NAMED).collect(Collectors.joining(", "));
    return ids.size() > NAMED ? first + " and " + (ids.size() - NAMED) + " more" : first;
  }
}
