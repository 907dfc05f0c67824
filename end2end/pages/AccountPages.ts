// Set-up, sign-in and activation.
import { Screen } from './Screen';

export class SetUpPage extends Screen {
  readonly token = this.field('Set-up token');
  readonly name = this.field('User name');
  readonly password = this.field('Password');
  readonly repeat = this.field('Repeat the password');

  async open() {
    return this.visit('/setup');
  }

  async createRoot(given: { token: string; name: string; password: string; repeat?: string }) {
    await this.token.fill(given.token);
    await this.name.fill(given.name);
    await this.password.fill(given.password);
    await this.repeat.fill(given.repeat ?? given.password);
    await this.button('Create root account').click();
  }
}

export class LoginPage extends Screen {
  readonly name = this.field('User name');
  readonly password = this.field('Password');

  async open(next?: string) {
    return this.visit(next === undefined ? '/login' : `/login?next=${encodeURIComponent(next)}`);
  }

  async signIn(account: { name: string; password: string }) {
    await this.name.fill(account.name);
    await this.password.fill(account.password);
    await this.button('Sign in').click();
  }
}

export class ActivatePage extends Screen {
  async open() {
    return this.visit('/activate');
  }

  async activate() {
    await this.button('Activate').click();
  }
}
