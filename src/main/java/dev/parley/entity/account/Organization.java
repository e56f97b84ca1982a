package dev.parley.entity.account;

import dev.parley.entity.account.AccountCommand.Establish;
import dev.parley.entity.account.AccountCommand.LookAtOrganization;
import dev.parley.entity.account.AccountEvent.Established;
import java.time.Instant;
import java.util.Set;

/**
 * What users work in together.
 *
 * @param name empty for none, as which the entity of every id begins
 * @param members ids of users
 */
record Organization(String name, long credits, Set<String> members) implements AccountState {
  static final Organization NONE = new Organization("", 0, Set.of());

  Organization {
    members = Set.copyOf(members);
  }

  @Override
  public Decision decide(AccountCommand command, Instant now) {
    if (command instanceof Establish establish && name.isEmpty()) {
      Established event =
          new Established(establish.name(), establish.credits(), establish.founder());
      return new Decision(event, apply(event).view());
    }
    if (command instanceof Establish || command instanceof LookAtOrganization) {
      return Decision.reply(view());
    }
    throw AccountState.misdirected(command, this);
  }

  private AccountReply view() {
    return name.isEmpty()
        ? new AccountReply.NoSuchOrganization()
        : new AccountReply.Organization(name, credits, members);
  }

  @Override
  public Organization apply(AccountEvent event) {
    if (event instanceof Established established) {
      return new Organization(
          established.name(), established.credits(), Set.of(established.founder()));
    }
    throw AccountState.misdirected(event, this);
  }
}
