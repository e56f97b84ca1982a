package dev.parley.entity.account;

import dev.parley.entity.account.AccountCommand.Credentials;
import dev.parley.entity.account.AccountCommand.LogOutEverywhere;
import dev.parley.entity.account.AccountCommand.LookAtUser;
import dev.parley.entity.account.AccountCommand.Settle;
import dev.parley.entity.account.AccountCommand.SignUp;
import dev.parley.entity.account.AccountEvent.CurrentChosen;
import dev.parley.entity.account.AccountEvent.LoggedOutEverywhere;
import dev.parley.entity.account.AccountEvent.OrganizationGiven;
import dev.parley.entity.account.AccountEvent.SignedUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with an e-mail address and a password. Its entity is found by the address, so that two
 * who sign up with the same one meet there.
 *
 * @param email normalized; empty for nobody, as which the entity of every address begins
 * @param organizations ids, the oldest first
 * @param currentOrganization one of them; null when none was chosen yet
 * @param generation how often all browser sessions have been ended
 */
record User(
    String email,
    String passwordHash,
    Instant createdAt,
    List<String> organizations,
    @Nullable String currentOrganization,
    long generation)
    implements AccountState {
  static final User NOBODY = new User("", "", Instant.EPOCH, List.of(), null, 0);

  User {
    organizations = List.copyOf(organizations);
  }

  @Override
  public Decision decide(AccountCommand command, Instant now) {
    if (command instanceof SignUp signUp) {
      return exists()
          ? Decision.reply(new AccountReply.EmailTaken())
          : then(new SignedUp(signUp.email(), signUp.passwordHash(), now));
    }
    if (!(command instanceof AccountCommand.ForUser)) {
      throw AccountState.misdirected(command, this);
    }
    if (!exists()) {
      return Decision.reply(new AccountReply.NoSuchUser());
    }
    if (command instanceof Credentials) {
      return Decision.reply(new AccountReply.UserCredentials(passwordHash, generation));
    }
    if (command instanceof LogOutEverywhere) {
      return then(new LoggedOutEverywhere());
    }
    if (command instanceof Settle settle && organizations.isEmpty()) {
      return then(new OrganizationGiven(settle.newOrganizationId()));
    }
    if (command instanceof Settle && currentOrganization == null) {
      return then(new CurrentChosen(organizations.get(0)));
    }
    if (command instanceof Settle || command instanceof LookAtUser) {
      return Decision.reply(view());
    }
    throw AccountState.misdirected(command, this);
  }

  private Decision then(AccountEvent event) {
    return new Decision(event, apply(event).view());
  }

  private boolean exists() {
    return !email.isEmpty();
  }

  private AccountReply.User view() {
    return new AccountReply.User(email, createdAt, organizations, currentOrganization, generation);
  }

  @Override
  public User apply(AccountEvent event) {
    if (event instanceof SignedUp signedUp) {
      return new User(
          signedUp.email(),
          signedUp.passwordHash(),
          signedUp.at(),
          organizations,
          currentOrganization,
          generation);
    }
    if (event instanceof OrganizationGiven given) {
      List<String> more = new ArrayList<>(organizations);
      more.add(given.organizationId());
      return new User(email, passwordHash, createdAt, more, given.organizationId(), generation);
    }
    if (event instanceof CurrentChosen chosen) {
      return new User(
          email, passwordHash, createdAt, organizations, chosen.organizationId(), generation);
    }
    if (event instanceof LoggedOutEverywhere) {
      return new User(
          email, passwordHash, createdAt, organizations, currentOrganization, generation + 1);
    }
    throw AccountState.misdirected(event, this);
  }

  /** Without what must not be in a log. */
  @Override
  public String toString() {
    return "User[" + organizations.size() + " organizations, generation " + generation + "]";
  }
}
