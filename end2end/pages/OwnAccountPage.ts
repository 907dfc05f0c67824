// The own account: password and open sessions.
import type { Locator } from '@playwright/test';
import { Screen } from './Screen';

export class OwnAccountPage extends Screen {
  readonly present = this.field('Present password');
  readonly password = this.field('New password');
  readonly repeat = this.field('Repeat the new password');
  readonly sessions = this.page.getByRole('table', { name: 'Your open sessions' });
  /** The sessions that can be ended. */
  readonly others = this.sessions.getByRole('button', { name: /^End the session of/ });

  async open() {
    return this.visit('/account');
  }

  async changePassword(present: string, password: string) {
    await this.present.fill(present);
    await this.password.fill(password);
    await this.repeat.fill(password);
    await this.button('Change password').click();
  }

  row(text: string): Locator {
    return this.sessions.getByRole('row').filter({ hasText: text });
  }
}

/** Setting one-time codes up. */
export class SetUpCodesPage extends Screen {
  readonly picture = this.page.getByRole('img', { name: /^The secret as a picture/ });
  readonly secret = this.main.getByRole('code');
  readonly code = this.field('Code');

  async turnOn(code: string) {
    await this.code.fill(code);
    await this.button('Turn on').click();
  }
}

/** The second step of signing in. */
export class SecondStepPage extends Screen {
  readonly code = this.field('Code');

  async give(code: string) {
    await this.code.fill(code);
    await this.button('Sign in').click();
  }
}

/** Setting a password with a one-time link. */
export class SetPasswordPage extends Screen {
  readonly password = this.field('New password');
  readonly repeat = this.field('Repeat the password');

  async set(password: string) {
    await this.password.fill(password);
    await this.repeat.fill(password);
    await this.button('Set password').click();
  }
}
