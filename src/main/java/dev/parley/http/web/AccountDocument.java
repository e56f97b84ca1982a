package dev.parley.http.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.account.AccountReply;
import dev.parley.http.shared.Json;

/** Users and organizations as they are shown to those they belong to. */
final class AccountDocument {
  private AccountDocument() {}

  static ObjectNode user(String id, AccountReply.User user) {
    return Json.object()
        .put("id", id)
        .put("email", user.email())
        .put("createdAt", Json.date(user.createdAt()));
  }

  static ObjectNode organization(String id, AccountReply.Organization organization) {
    return Json.object()
        .put("id", id)
        .put("name", organization.name())
        .put("credits", organization.credits());
  }
}
